# bash completion for build-doctor; made by docs/make_shell_pages.py
_build_doctor() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command="" options="" first="" files=""
    COMPREPLY=()
    # Readline takes --option=value for three words.
    if [ "$current" = = ]; then
        current=""
    elif [ "$previous" = = ]; then
        previous=${COMP_WORDS[COMP_CWORD-2]}
    fi
    if [ "$COMP_CWORD" -gt 1 ]; then
        case " demo plan inspect diff check explain rules serve " in *" ${COMP_WORDS[1]} "*) command=${COMP_WORDS[1]} ;; esac
        if [ "$command" = rules ] && [ "$COMP_CWORD" -gt 2 ]; then
            case " list show new check test try schema " in *" ${COMP_WORDS[2]} "*) command="rules ${COMP_WORDS[2]}" ;; esac
        fi
    else
        first="demo plan inspect diff check explain rules serve"
    fi
    case "$command" in
    '')
        options="-h --help --help-all --source --python --gpu --cuda --arch-list --env --run-setup --model --log --ask-python --static --rules --isolated --select --ignore --baseline --fail-on --json --format --output --no-color --quiet --verbose --version" files="yes"
        case "$previous" in
            --source) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;
            --python) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;
            --gpu) return ;;
            --cuda) return ;;
            --arch-list) return ;;
            --env) return ;;
            --model) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;
            --log) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;
            --rules) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;
            --select) return ;;
            --ignore) return ;;
            --baseline) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;
            --fail-on) mapfile -t COMPREPLY < <(compgen -W "error warning note never" -- "$current"); return ;;
            --format) mapfile -t COMPREPLY < <(compgen -W "text markdown json sarif junit github" -- "$current"); return ;;
            --output) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;
        esac ;;
    'demo')
        options="-h --help --rules --isolated --select --ignore --baseline --fail-on --json --format --output --no-color --quiet --verbose --version" files=""
        case "$previous" in
            --rules) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;
            --select) return ;;
            --ignore) return ;;
            --baseline) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;
            --fail-on) mapfile -t COMPREPLY < <(compgen -W "error warning note never" -- "$current"); return ;;
            --format) mapfile -t COMPREPLY < <(compgen -W "text markdown json sarif junit github" -- "$current"); return ;;
            --output) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;
        esac ;;
    'plan')
        options="-h --help --steps --what-if --trace --search --cover --rev --features --gpu --cuda --arch-list --env --run-setup --static --json --no-color --quiet --verbose --version" files="yes"
        case "$previous" in
            --what-if) return ;;
            --trace) return ;;
            --cover) return ;;
            --rev) return ;;
            --features) return ;;
            --gpu) return ;;
            --cuda) return ;;
            --arch-list) return ;;
            --env) return ;;
        esac ;;
    'inspect')
        options="-h --help --gpu --by --kernels --arch --resources --json --no-color --quiet --verbose --version" files="yes"
        case "$previous" in
            --gpu) return ;;
            --by) mapfile -t COMPREPLY < <(compgen -W "architecture unit kernel" -- "$current"); return ;;
            --kernels) return ;;
            --arch) return ;;
        esac ;;
    'diff')
        options="-h --help --fail-on --json --no-color --quiet --verbose --version" files="yes"
        case "$previous" in
            --fail-on) mapfile -t COMPREPLY < <(compgen -W "loss never" -- "$current"); return ;;
        esac ;;
    'check')
        options="-h --help --contract --init --force --gpu --baseline --fail-on --json --format --output --no-color --quiet --verbose --version" files="yes"
        case "$previous" in
            --contract) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;
            --gpu) return ;;
            --baseline) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;
            --fail-on) mapfile -t COMPREPLY < <(compgen -W "error never" -- "$current"); return ;;
            --format) mapfile -t COMPREPLY < <(compgen -W "text markdown json sarif junit github" -- "$current"); return ;;
            --output) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;
        esac ;;
    'explain')
        options="-h --help --json --rules --isolated --no-color --quiet --verbose --version" files="yes"
        case "$previous" in
            --rules) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;
        esac ;;
    'rules')
        options="-h --help --no-color --quiet --verbose --version" files=""
        case "$previous" in
        esac ;;
    'serve')
        options="-h --help --port --no-color --quiet --verbose --version --help-all --source --python --gpu --cuda --arch-list --env --run-setup --model --log --ask-python --static --rules --isolated --select --ignore --baseline --fail-on" files="yes"
        case "$previous" in
            --port) return ;;
            --source) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;
            --python) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;
            --gpu) return ;;
            --cuda) return ;;
            --arch-list) return ;;
            --env) return ;;
            --model) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;
            --log) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;
            --rules) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;
            --select) return ;;
            --ignore) return ;;
            --baseline) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;
            --fail-on) mapfile -t COMPREPLY < <(compgen -W "error warning note never" -- "$current"); return ;;
        esac ;;
    'rules list')
        options="-h --help --origin --source --rules --isolated --no-color --quiet --verbose --version" files=""
        case "$previous" in
            --source) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;
            --rules) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;
        esac ;;
    'rules show')
        options="-h --help --rules --isolated --no-color --quiet --verbose --version" files=""
        case "$previous" in
            --rules) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;
        esac ;;
    'rules new')
        options="-h --help --output --about --for-each --when --title --family --severity --confidence --why --limits --force --no-color --quiet --verbose --version" files=""
        case "$previous" in
            --output) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;
            --about) return ;;
            --for-each) return ;;
            --when) return ;;
            --title) return ;;
            --family) return ;;
            --severity) mapfile -t COMPREPLY < <(compgen -W "error warning note" -- "$current"); return ;;
            --confidence) mapfile -t COMPREPLY < <(compgen -W "certain likely possible" -- "$current"); return ;;
            --why) return ;;
            --limits) return ;;
        esac ;;
    'rules check')
        options="-h --help --rules --isolated --no-color --quiet --verbose --version" files="yes"
        case "$previous" in
            --rules) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;
        esac ;;
    'rules test')
        options="-h --help --rules --isolated --no-color --quiet --verbose --version" files="yes"
        case "$previous" in
            --rules) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;
        esac ;;
    'rules try')
        options="-h --help --subject --rules --isolated --no-color --quiet --verbose --version" files="yes"
        case "$previous" in
            --subject) return ;;
            --rules) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;
        esac ;;
    'rules schema')
        options="-h --help --no-color --quiet --verbose --version" files=""
        case "$previous" in
        esac ;;
    esac
    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
    elif [ "$command" = rules ]; then
        mapfile -t COMPREPLY < <(compgen -W "list show new check test try schema" -- "$current")
    elif [ -n "$files" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$first" -- "$current"; compgen -f -- "$current")
        compopt -o filenames 2>/dev/null
    fi
}
complete -F _build_doctor build-doctor
