#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The completion scripts, run by the real shells; and that each knows every command, option and choice.
load common

setup() {
  mkdir "$BATS_TEST_TMPDIR/folder" && cd "$BATS_TEST_TMPDIR/folder" || exit
  mkdir -p bin "a folder"
  ln -s "$TOOL" bin/azdo-wif
  touch "x y.ini" plain.ini
  PATH=$PWD/bin:$PATH
  for shell in bash zsh fish; do "$TOOL" completion $shell >completion.$shell; done
}

# What bash offers for the words of a command line, the last of which is being typed.
bash_offers() {
  bash --norc -c '
    source ./completion.bash
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _azdo_wif
    [ ${#COMPREPLY[@]} = 0 ] || printf "%s\n" "${COMPREPLY[@]}"' bash azdo-wif "$@" | sort
}

fish_offers() {
  fish --no-config -c 'source completion.fish; complete -C $argv[1]' "azdo-wif $*" | sed 's/\t.*//' | sort
}

commands() {
  "$TOOL" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' | sort
}

options() {
  "$TOOL" "$1" --help | sed -n '/^Options:/,/^$/p' | grep -o -E '(^| )--?[a-z-]+( |,|$)' | tr -d ' ,' | grep -E '^--?[a-z]' | sort
}

@test "bash: commands, options, choices, files" {
  diff <(bash_offers '' | grep -v '^-') <(commands)
  [ "$(bash_offers gen)" = generate ]
  for command in $(commands); do
    diff <(bash_offers "$command" - | sort) <(options "$command")
  done
  [ "$(bash_offers init --identity s)" = service-principal ]
  [ "$(bash_offers completion z)" = zsh ]
  [ "$(bash_offers generate --output a)" = 'a folder' ]
  [ "$(bash_offers generate x)" = 'x y.ini' ]
  [ "$(bash_offers generate -q p)" = plain.ini ]
  [ -z "$(bash_offers generate --connection '')" ]
}

@test "bash: nothing that was typed is evaluated" {
  for word in '$(touch pwned)' '`touch pwned`' '; touch pwned' "'\$(touch pwned)" '-$(touch pwned)' '${x[$(touch pwned)]}'; do
    bash_offers "$word" >/dev/null
    bash_offers generate "$word" >/dev/null
    bash_offers "$word" "$word" "$word" >/dev/null
    bash_offers generate --output "$word" >/dev/null
  done
  [ ! -e pwned ]
  shellcheck -s bash -e SC2034 completion.bash
}

@test "fish: commands, options, choices, files" {
  diff <(fish_offers '' | grep -v '^-') <(commands)
  for command in $(commands); do
    diff <(fish_offers "$command" -- | grep '^--' | sort -u) <(options "$command" | grep '^--')
  done
  [ "$(fish_offers 'init --identity s')" = service-principal ]
  [ "$(fish_offers 'generate p')" = plain.ini ]
  [ "$(fish_offers 'generate --output a')" = 'a folder/' ]
  [ "$(fish_offers 'completion z')" = zsh ]
}

@test "zsh: the script loads and says what there is" {
  mkdir fpath
  cp completion.zsh fpath/_azdo-wif
  run -0 zsh -f -c 'fpath=($PWD/fpath $fpath); autoload -Uz compinit; compinit -D -u; print $_comps[azdo-wif]'
  [ "$output" = _azdo-wif ]
  cat >drive.zsh <<'END'
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'PS1="> "; fpath=('$PWD'/fpath $fpath); autoload -Uz compinit; compinit -D -u; zstyle ":completion:*" list-colors; LISTMAX=1000; bindkey "^I" complete-word; setopt no_list_beep; stty columns 200 rows 100; print rea""dy'
zpty -m shell '*ready*' >/dev/null
zpty -w -n shell "$1"
sleep 1
zpty -w -n shell $'\t'
zpty -r shell line "*$2*" # waits for it
print -rn -- $line
zpty -d shell
END
  run -0 timeout 60 zsh -f drive.zsh 'azdo-wif gen' erate
  [[ $output == *"azdo-wif gen"*"erate"* ]]
  run -0 timeout 60 zsh -f drive.zsh 'azdo-wif generate --conn' ection
  [[ $output == *"ection"* ]]
  run -0 timeout 60 zsh -f drive.zsh 'azdo-wif init --identity serv' ice-principal
  [[ $output == *"ice-principal"* ]]
}

@test "each script names every command, option and choice, and no other option" {
  for shell in bash zsh fish; do
    for command in $(commands); do
      grep -q -w -e "$command" completion.$shell
      for option in $(options "$command" | grep '^--' | sed 's/^--//'); do
        grep -q -e "[ {-]$option\b" completion.$shell
      done
    done
  done
  known=$(for command in $(commands); do options "$command"; done | grep '^--' | sort -u)
  diff <(grep -o -E -- "'?--[a-z][a-z-]*" completion.zsh | tr -d "'" | sort -u) <(echo "$known")
  diff <(grep -o -E -- ' -l [a-z-]+' completion.fish | sed 's/ -l /--/' | sort -u) <(echo "$known")
}

@test "an unknown shell" {
  run -2 "$TOOL" completion bsh
  [[ $output == *"unknown shell 'bsh'"*"bash"* ]]
}
