import type { Shell } from './shellAnswer.js';

/**
 * What a shell runs to complete `synapse` commands. The work is done by the command, which answers in a form that the shell can use
 * without evaluating any of it: names come from a server.
 */
export const scripts: Readonly<Record<Shell, string>> = {
  bash: String.raw`# Completion of synapse for bash.
_synapse() {
  local options line
  COMPREPLY=()
  {
    IFS= read -r options || return 0
    while IFS= read -r line; do COMPREPLY+=("$line"); done
  } < <(command synapse complete --shell bash -- "${'$'}{COMP_LINE:0:COMP_POINT}" "${'$'}{2-}" "${'$'}{COMP_TYPE-}" 2>/dev/null </dev/null)
  # bash 3 of macOS has no compopt.
  if [ -n "$options" ]; then compopt $options 2>/dev/null; fi
  return 0
}
complete -o default -F _synapse synapse
`,
  zsh: String.raw`#compdef synapse
# Completion of synapse for zsh.
_synapse() {
  local -a answer parts
  local -a whole partial named named_partial whole_shown partial_shown named_shown named_partial_shown
  local line
  local -a before=()
  (( CURRENT > 2 )) && before=("${'$'}{(@Q)words[2,CURRENT-1]}")
  answer=("${'$'}{(@f)$(command synapse complete --shell zsh -- "${'$'}{before[@]}" "${'$'}{(Q)PREFIX}" 2>/dev/null </dev/null)}")
  for line in "${'$'}{(@)answer[2,-1]}"; do
    parts=("${'$'}{(@s:	:)line}")
    case $parts[1] in
      whole) whole+=("$parts[2]"); whole_shown+=("$parts[3]") ;;
      partial) partial+=("$parts[2]"); partial_shown+=("$parts[3]") ;;
      named) named+=("$parts[2]"); named_shown+=("$parts[3]") ;;
      named-partial) named_partial+=("$parts[2]"); named_partial_shown+=("$parts[3]") ;;
    esac
  done
  local result=1
  (( $#whole )) && compadd -l -d whole_shown -a whole && result=0
  (( $#partial )) && compadd -S '' -l -d partial_shown -a partial && result=0
  # What was typed is a name. It is replaced.
  if (( $#named + $#named_partial )); then
    (( $#named + $#named_partial > 1 )) && compstate[insert]=menu
    (( $#named )) && compadd -U -l -d named_shown -a named && result=0
    (( $#named_partial )) && compadd -U -S '' -l -d named_partial_shown -a named_partial && result=0
  fi
  if (( result )) && [[ $answer[1] == (files|directories) ]]; then
    compset -P '--*='
    if [[ $answer[1] == files ]]; then _files && result=0; else _files -/ && result=0; fi
  fi
  return result
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _synapse "$@"
else
  if (( ! $+functions[compdef] )); then autoload -Uz compinit && compinit -i; fi
  compdef _synapse synapse
fi
`,
  fish: String.raw`# Completion of synapse for fish.
function __synapse_complete
    set -l current (commandline -ct)
    set -l before (commandline -opc)
    set -l answer (command synapse complete --shell fish -- $before[2..-1] "$current" 2>/dev/null </dev/null)
    test (count $answer) -gt 0; or return 0
    if test (count $answer) -gt 1
        printf '%s\n' $answer[2..-1]
        return 0
    end
    test $answer[1] = none; and return 0
    # fish completes the paths of an unknown command, here also that in --flag=path.
    set -l flag (string match -r -- '^--[^=]*=' $current)
    set -l path (string replace -r -- '^--[^=]*=' '' $current)
    set -l paths (complete -C"__synapse_no_such_command $path")
    test $answer[1] = directories; and set paths (string match -r -- '.*/$' $paths)
    for path in $paths
        printf '%s\n' "$flag$path"
    end
end
complete -c synapse -e
complete -c synapse -f -a '(__synapse_complete)'
`,
  powershell: String.raw`# Completion of synapse for PowerShell.
Register-ArgumentCompleter -Native -CommandName synapse, synapse.cmd, synapse.ps1 -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  try {
    $line = $commandAst.Extent.Text
    $length = $cursorPosition - $commandAst.Extent.StartOffset
    if ($length -gt $line.Length) { $line = $line.PadRight($length) } else { $line = $line.Substring(0, $length) }
    $encoded = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($line))
    synapse complete --shell powershell -- $encoded 2>$null | ConvertFrom-Json | ForEach-Object { $_ } | ForEach-Object {
      [System.Management.Automation.CompletionResult]::new($_.text, $_.item, 'ParameterValue', $_.tip)
    }
  } catch { }
}
`,
};
