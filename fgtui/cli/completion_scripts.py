"""Completion scripts, generated from the parsers, so that no option is missing from them.

A name from a file or a recording is only ever compared and quoted, never expanded: ``compgen -W`` would run a target
called ``$(…)``.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from fgtui.cli.main import parser_of, workbench_parser
from fgtui.cli.parsing import Parser, takes_value
from fgtui.cli.verbs import VERBS

Offer = tuple[str, ...] | str
"""Words, or what to ask ``fgtui completions --words`` for; ``""`` stands for files."""

_FILES = ("FILE", "TRIGGER|FILE")

_BASH = """\
# fgtui completion for bash: source <(fgtui completions bash)
_fgtui_words() {
    local word
    for word in "$@"; do
        if [[ $word == "$cur"* ]]; then COMPREPLY+=("$word"); fi
    done
}
_fgtui_ask() {
    local word
    while IFS= read -r word; do
        if [[ $word == "$cur"* ]]; then COMPREPLY+=("$(printf %q "$word")"); fi
    done < <(fgtui completions --words "$1" 2>/dev/null)
}
_fgtui() {
    local cur="${COMP_WORDS[COMP_CWORD]}" verb='' skip='' word key position=0 at
    COMPREPLY=()
    for ((at = 1; at < COMP_CWORD; at++)); do
        word="${COMP_WORDS[at]}"
@PLACE@
    done
@OFFERS@
}
complete -o default -F _fgtui fgtui
"""

_ZSH = """\
#compdef fgtui
# fgtui completion for zsh: source <(fgtui completions zsh), after compinit
_fgtui_words() { compadd -- "$@"; }
_fgtui_ask() {
    local -a found
    found=("${(@f)$(fgtui completions --words $1 2>/dev/null)}")
    (( $#found )) && compadd -a -- found
}
_fgtui() {
    local cur="${words[CURRENT]}" verb='' skip='' word key position=0 at
    for ((at = 2; at < CURRENT; at++)); do
        word="${words[at]}"
@PLACE@
    done
@OFFERS@
    [[ $cur == -* ]] || _files
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _fgtui "$@"; else compdef _fgtui fgtui; fi
"""

_PLACE = """\
        if [[ -n $skip ]]; then
            skip=''
            continue
        fi
        case "$verb $word" in
@TAKING@
                skip="$word" ;;
            *' -'?*) ;;
            ' '*)
                verb="$word" ;;
            *)
                position=$((position + 1)) ;;
        esac"""

_OFFERS = """\
    if [[ -n $skip ]]; then
        key="$verb $skip"
    elif [[ $cur == -* ]]; then
        key="$verb -"
    else
        key="$verb $position"
    fi
    case "$key" in
@CASES@
    esac"""

_FISH = """\
# fgtui completion for fish: fgtui completions fish | source
function __fgtui_at --description 'the verb and how many words stand after it'
    set -l verb ''
    set -l skip ''
    set -l position 0
    for word in (commandline -opc)[2..-1]
        if test -n "$skip"
            set skip ''
            continue
        end
        switch "$verb $word"
            case @TAKING@
                set skip $word
            case '* -?*'
            case ' *'
                set verb $word
            case '*'
                set position (math $position + 1)
        end
    end
    echo "$verb $position"
end
function __fgtui_is
    string match -q -- $argv[1] (__fgtui_at)
end
function __fgtui_ask
    fgtui completions --words $argv[1] 2>/dev/null
end
@LINES@
"""


def script(shell: str) -> str:
    """The script for ``bash``, ``zsh`` or ``fish``."""
    if shell == "fish":
        taking = " ".join(f"'{verb} {option}'" for verb, option in _options_with_values())
        return _FISH.replace("@TAKING@", taking).replace("@LINES@", "\n".join(_fish_lines()))
    taking = "|".join(f"'{verb} {option}'" for verb, option in _options_with_values())
    place = _PLACE.replace("@TAKING@", f"            {taking})")
    offers = _OFFERS.replace("@CASES@", "\n".join(_cases()))
    frame = _BASH if shell == "bash" else _ZSH
    return frame.replace("@PLACE@", place).replace("@OFFERS@", offers)


def _parsers() -> Iterator[tuple[str, Parser]]:
    yield "", workbench_parser()
    for verb in VERBS:
        yield verb, parser_of(verb)


def _options_with_values() -> Iterator[tuple[str, str]]:
    for verb, parser in _parsers():
        for action in parser.actions():
            if takes_value(action):
                yield from ((verb, option) for option in action.option_strings)


def _cases() -> Iterator[str]:
    """The branches of bash and zsh: what is offered where."""
    for verb, parser in _parsers():
        options = " ".join(option for action in parser.actions() for option in action.option_strings if len(option) > 2)
        yield f"        '{verb} -') _fgtui_words {options} ;;"
        for place, action in _places(parser):
            offer = _offer(parser, action)
            if offer:
                # several names: any position from here on
                pattern = f"'{verb} '[{place}-9]*" if action.nargs == "*" else f"'{verb} {place}'"
                yield f"        {pattern}) {_call(offer)} ;;"


def _places(parser: Parser) -> Iterator[tuple[str, argparse.Action]]:
    """Every place that takes a value: an option's name, or the number of the word after the verb."""
    position = 0
    for action in parser.actions():
        if not action.option_strings:
            yield str(position), action
            position += 1
        elif takes_value(action):
            yield from ((option, action) for option in action.option_strings)


def _offer(parser: Parser, action: argparse.Action) -> Offer:
    return parser.offers.get(action.dest, "")


def _call(offer: Offer) -> str:
    return f"_fgtui_ask {offer}" if isinstance(offer, str) else f"_fgtui_words {' '.join(offer)}"


def _fish_lines() -> Iterator[str]:
    for verb, parser in _parsers():
        for action in parser.actions():
            names = [
                f"-l {option[2:]}" if option.startswith("--") else f"-s {option[1:]}"
                for option in action.option_strings
            ]
            if names:
                takes = _fish_value(parser, action) if takes_value(action) else ""
                words = f"{' '.join(names)}{takes} -d {_fish_quoted(action.help or '')}"
                yield f"complete -c fgtui -n '__fgtui_is \"{verb} *\"' {words}"
        for place, action in _places(parser):
            if not action.option_strings and (offer := _offer(parser, action)):
                pattern = f"{verb} *" if action.nargs == "*" else f"{verb} {place}"
                only = "" if action.metavar in _FILES else " -f"
                yield f"complete -c fgtui -n '__fgtui_is \"{pattern}\"'{only} -a {_fish_words(offer)}"


def _fish_value(parser: Parser, action: argparse.Action) -> str:
    offer = _offer(parser, action)
    if offer:
        return f" -x -a {_fish_words(offer)}"
    return " -r" if action.metavar in _FILES else " -x"


def _fish_words(offer: Offer) -> str:
    return f"'(__fgtui_ask {offer})'" if isinstance(offer, str) else _fish_quoted(" ".join(offer))


def _fish_quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
