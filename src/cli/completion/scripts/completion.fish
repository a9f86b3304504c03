# Completion of luau-exec for fish, from 3.0 on.

function __luau_exec_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
    type -q -- $program
    or set program luau-exec
    # A quote that was opened is no part of the word; fish itself matches what comes back.
    set -l answer ($program complete -- $words[2..-1] (string replace -r '^["\']' '' -- $word) </dev/null 2>/dev/null)
    set -q answer[1]
    or return
    set -l bits (string replace -r '^:' '' -- $answer[-1])
    string match -qr '^\d+$' -- $bits
    or return
    set -e answer[-1]

    # "--option=" is part of each word that is offered, and not of a file's name; nor is "json=" of "--output json=".
    set -l beginning '^(--[^=]+=)?((json|ndjson|junit)=)?'
    set -l head (string match -r -- $beginning "$word")[1]
    set -l path (string replace -r -- $beginning '' "$word")
    if test (math "floor($bits / 8) % 2") -eq 1
        set -l files (complete -C "'' $path")
        set -l pattern '\.('(string join '|' $answer)')$'
        set -l directories (string match -r -- '^.*/$' $files)
        set -l scripts (string match -r -- '^.*'$pattern $files)
        set answer $scripts $directories (string match -v -r -- "(/|$pattern)" $files)
    else if test (math "floor($bits / 4) % 2") -eq 0
        set -a answer "$head"(complete -C "'' $path")
    end
    string join \n -- $answer
end

complete -c luau-exec -e
complete -c luau-exec -k -f -a '(__luau_exec_complete)'
