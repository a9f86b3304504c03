# Completion of luau-exec for bash, from 3.2 on, with or without the package bash-completion.

_luau_exec() {
    local program=${1-} word=${2-} answer bits line
    COMPREPLY=()
    case $program in
        '~/'*) program=$HOME/${program#'~/'} ;;
    esac
    # What was typed may be an alias, which cannot be called from here.
    case $(type -t -- "$program") in
        file | function) ;;
        *) program=luau-exec ;;
    esac
    # The program takes the line apart by itself: bash splits words at "=", ":" and "@", and nothing may be expanded.
    answer=$("$program" complete --bash -- "${COMP_LINE:0:COMP_POINT}" "$word" "${COLUMNS-}" "${COMP_TYPE-}" \
        </dev/null 2>/dev/null) || return 0
    bits=${answer##*:}
    case $bits in
        '' | *[!0-9]*) return 0 ;;
    esac
    answer=${answer%:*}
    if ((bits & 8)); then
        _luau_exec_files "$word" "$answer"
        return 0
    fi
    while IFS= read -r line; do
        [[ -z $line ]] || COMPREPLY[${#COMPREPLY[@]}]=$line
    done <<<"$answer"
    if ((bits & 4)); then
        # bash 3.2 has no compopt, and offers files here.
        compopt +o default 2>/dev/null || :
    else
        _luau_exec_files "$word" ''
    fi
    if ((bits & 32)); then
        compopt -o nosort 2>/dev/null || :
    fi
    return 0
}

# Nothing here may fail: a shell with "set -e" would end at the TAB.
# Adds files to COMPREPLY: those with the extensions in $2, one a line, and directories; any where there are none.
_luau_exec_files() {
    local head='' word=$1 files='' extension line
    # With this option, bash quotes names and puts a slash behind directories. Without it, it is left to complete files.
    compopt -o filenames 2>/dev/null || return 0
    case $word in
        --*=*)
            head=${word%%=*}=
            word=${word#*=}
            ;;
    esac
    while IFS= read -r extension; do
        [[ -z $extension ]] || files+=$(compgen -f -X "!*.$extension" -- "$word" || :)$'\n'
    done <<<"$2"
    if [[ -n $2 ]]; then
        files+=$(compgen -d -- "$word" || :)
    fi
    if [[ -z ${files//$'\n'/} ]]; then
        files=$(compgen -f -- "$word" || :)
    fi
    while IFS= read -r line; do
        [[ -z $line ]] || COMPREPLY[${#COMPREPLY[@]}]=$head$line
    done <<<"$files"
}

complete -o default -F _luau_exec luau-exec
