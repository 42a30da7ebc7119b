"""JMESPath over exchanges: compiled here, evaluated in a process that can be killed (reliability, sections 3 and 11).

Truth is JMESPath's own: ``false``, ``null``, ``""``, ``[]`` and ``{}`` do not match, everything else does, zero too.
A document on which an expression cannot be evaluated, say the length of ``null``, does not match and is counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from fgtui.errors import QueryError
from fgtui.records import Record
from fgtui.sessions.query.tree import Tree, is_shallow, nodes
from fgtui.words import Phrase, nearest, sentence

if TYPE_CHECKING:
    from jmespath.parser import ParsedResult

EXPRESSION_LIMIT = 4096
"""Bytes of an expression."""
_REASONS = {
    r"unknown token (?P<sign>.+)": sentence("unknown token {sign}"),
    r"bad token (?P<sign>.+)": sentence("bad token {sign}"),
    r"unexpected token: (?P<sign>.+)": sentence("unexpected token: {sign}"),
    r"unclosed (?P<sign>.) delimiter": sentence("unclosed {sign} delimiter"),
    r"expecting: (?P<expected>.+), got: (?P<found>.+)": sentence("expecting: {expected}, got: {found}"),
    r"invalid token": sentence("invalid token"),
}
"""What the library says, as a pattern, with the sentence that says the same in any language."""


class Query(Record):
    """A compiled expression."""

    text: str
    mentions_decoded: bool
    """Whether ``event.decoded`` is worth its price."""

    @classmethod
    def compile(cls, text: str) -> Self:
        """``text`` as a query. QueryError says what is wrong and at which column."""
        size = len(text.encode("utf-8", "surrogatepass"))
        if size > EXPRESSION_LIMIT:
            raise QueryError(
                "an expression has at most {limit} bytes; this one has {size}", limit=EXPRESSION_LIMIT, size=size
            )
        fields: set[str] = set()
        tree: Any = _parsed(text).parsed
        for node in nodes(tree):
            if node["type"] == "field":
                fields.add(node["value"])
            elif node["type"] == "function_expression":
                _check_function(text, node)
        return cls(text, mentions_decoded="decoded" in fields)

    @property
    def tree(self) -> Tree:
        """As the library has parsed it."""
        tree: Any = _parsed(self.text).parsed
        return tree  # type: ignore[no-any-return]

    @property
    def told(self) -> tuple[str, object]:
        """For the process that evaluates: the tree, or the text where the library alone can tell how deep it is."""
        return ("tree", self.tree) if is_shallow(self.tree) else ("text", self.text)


def evaluate(query: Query, text: str) -> str:
    """The value of ``query`` on that of JSON text, as JSON text on one line; what is only passed on keeps its spelling.

    QueryError when there is none, or it was stopped.
    """
    from fgtui.sessions.query.processes import text_of

    return text_of(query.told, text)


# Compiling


def _parsed(text: str) -> ParsedResult:
    import warnings

    import jmespath
    from jmespath.exceptions import EmptyExpressionError, JMESPathError, LexerError, ParseError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the library frowns at `text` without quotes, which it still takes
            return jmespath.compile(text)
    except EmptyExpressionError as error:
        raise QueryError("there is no expression", column=1) from error
    except LexerError as error:
        if name := _bare_name(text, error.lexer_position):
            words = "not JMESPath: a name of other than ASCII letters stands in double quotes: {name}"
            raise QueryError(words, column=error.lexer_position + 1, name=name) from error
        raise _not_jmespath(_in_our_words(error.message), error.lexer_position) from error
    except ParseError as error:
        if error.token_type is None or error.token_value == "":
            raise _not_jmespath(Phrase("it is not complete"), len(text)) from error
        raise _not_jmespath(_in_our_words(error.msg), error.lex_position) from error
    except JMESPathError as error:
        raise _not_jmespath(_in_our_words(str(error)), None) from error
    except RecursionError as error:
        raise QueryError("the expression is nested too deeply") from error
    except (TypeError, ValueError, OverflowError, LookupError, AttributeError) as error:  # the library's own slips
        raise _not_jmespath(_in_our_words(str(error)), None) from error


def _bare_name(text: str, position: int) -> str:
    """The name in double quotes that has a letter beyond ASCII at ``position``; empty where there is none."""
    import re

    if not text[position : position + 1].isalpha():
        return ""
    before, after = re.search(r"\w*$", text[:position]), re.match(r"\w+", text[position:])
    return f'"{before[0]}{after[0]}"' if before and after else ""


def _in_our_words(message: str) -> str | Phrase:
    import re

    reason = message[:1].lower() + message[1:]
    for pattern, said in _REASONS.items():
        if found := re.fullmatch(pattern, reason, re.DOTALL):
            return Phrase(said, found.groupdict())
    return reason


def _not_jmespath(reason: str | Phrase, position: int | None) -> QueryError:
    return QueryError(
        "not JMESPath: {reason}",
        hint="see jmespath.org; text is written 'so', numbers `so`, names with signs \"so\"",
        column=None if position is None else position + 1,
        reason=reason,
    )


def _check_function(text: str, node: dict[str, Any]) -> None:
    """The library would only say so once it gets there."""
    import re

    from fgtui.sessions.query.functions import library

    functions = library().FUNCTION_TABLE
    name, given = node["value"], len(node["children"])
    place = re.search(rf"(?<![\w\"']){re.escape(name)}\s*\(", text)
    column = place.start() + 1 if place else None
    known = functions.get(name)
    if known is None:
        found = nearest(name, functions)
        raise QueryError(
            "there is no function {name}",
            hint="did you mean {nearest}?" if found else "",
            column=column,
            name=name,
            nearest=found,
        )
    signature = known["signature"]
    least = len(signature)
    variadic = bool(signature) and signature[-1].get("variadic", False)
    if given < least or (given > least and not variadic):
        raise QueryError(
            "{name} takes {least} or more arguments, not {given}"
            if variadic
            else "{name} takes {least} arguments, not {given}",
            column=column,
            name=name,
            least=least,
            given=given,
        )
