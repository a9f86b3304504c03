#compdef luau-exec
# Completion of luau-exec for zsh, to be sourced after compinit or kept as a file _luau-exec in $fpath.

_luau-exec() {
    local program=${(Q)words[1]} line bits result=1
    local -a answer values
    program=${program/#\~\//$HOME/}
    # What was typed may be an alias, which cannot be called from here.
    (( $+commands[$program] || $+functions[$program] )) || [[ $program == */* ]] || program=luau-exec
    # PREFIX is the word as far as the cursor, without a quote that was opened.
    answer=("${(@f)$($program complete -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" </dev/null 2>/dev/null)}")
    bits=${answer[-1]#:}
    [[ $bits == <-> ]] || return 1
    answer[-1]=()

    # From here on, only what stands behind "--option=" is completed.
    if [[ $PREFIX == --*=* ]]; then
        compset -P 1 '*='
        answer=("${(@)answer#--*=}")
    fi
    # The same behind "--output json=", where a file belongs.
    if ! (( bits & 12 )) && [[ $PREFIX == (json|ndjson|junit)=* ]]; then
        compset -P 1 '*='
    fi
    if (( bits & 8 )); then
        _files -g "*.(${(j:|:)answer})"
        return
    fi
    for line in $answer; do
        # A colon divides a value from its description here.
        values+=("${${line%%$'\t'*}//:/\\:}${${(M)line:#*$'\t'*}:+:${line#*$'\t'}}")
    done
    if (( $#values )); then
        if (( bits & 32 )); then
            _describe -V value values && result=0
        else
            _describe value values && result=0
        fi
    fi
    if ! (( bits & 4 )); then
        _files && result=0
    fi
    return result
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _luau-exec "$@"
elif (( $+functions[compdef] )); then
    compdef _luau-exec luau-exec
else
    print -u2 'luau-exec: completion needs compinit: put "autoload -Uz compinit && compinit" before this'
fi
