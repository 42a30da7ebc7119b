"""Any JMESPath expression there can be, over documents it has something to find in."""

from __future__ import annotations

import json

from hypothesis import strategies as st

NAMES = ("a", "b", "c", '"d e"')
NUMBERS = (0, 1, -1, 2, 0.0, 1.5, -0.0, 2**53 + 1, 2**63, 10**25, float(2**53))

scalars = st.sampled_from(
    (None, True, False, "", "a", "b", "ab", "1", "1.5", "处理", "\ud800", "[1]", "SGVsbG8=", "a%20b", *NUMBERS)
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "c", "d e"]), inner, max_size=3)
    ),
    max_leaves=12,
)
documents = st.dictionaries(st.sampled_from(["a", "b", "c", "d e"]), values, min_size=1, max_size=4)


def _literal(value: object) -> str:
    return "`" + json.dumps(value).replace("`", "\\`") + "`"


literals = st.one_of(
    values.map(_literal), st.sampled_from(["'a'", "'ab'", "''", "'1'", "`true`", "`null`", "`0`", "`1`"])
)
_names = st.sampled_from(NAMES)
_ONE = (
    "abs", "avg", "ceil", "floor", "keys", "values", "length", "max", "min", "merge", "not_null", "reverse", "sort", "sum",
    "to_array", "to_number", "to_string", "type", "from_json", "base64_decode", "gunzip", "url_decode",
    "powertools_base64_gzip",
)  # fmt: skip
_leaves = st.one_of(
    _names,
    st.just("@"),
    literals,
    st.just("*"),
    st.sampled_from(["[0]", "[-1]", "[*]", "[]", "[1:]", "[::-1]", "[::0]"]),
)


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        st.tuples(inner, _names).map(lambda two: f"({two[0]}).{two[1]}"),
        st.tuples(inner, st.sampled_from(["[0]", "[-1]", "[*]", "[]", "[1:]", "[::2]", "[:-1].a", ".*", "[?a]", "[*].a", "[].b[0]"])).map(
            lambda two: f"({two[0]}){two[1]}"
        ),
        st.tuples(inner, st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "&&", "||"]), inner).map(
            lambda three: f"({three[0]} {three[1]} {three[2]})"
        ),
        inner.map(lambda one: f"!({one})"),
        pair.map(lambda two: f"({two[0]} | {two[1]})"),
        pair.map(lambda two: f"({two[0]})[?{two[1]}]"),
        pair.map(lambda two: f"[{two[0]}, {two[1]}]"),
        pair.map(lambda two: f"{{a: {two[0]}, b: {two[1]}}}"),
        st.tuples(st.sampled_from(_ONE), inner).map(lambda two: f"{two[0]}({two[1]})"),
        st.tuples(st.sampled_from(["contains", "starts_with", "ends_with", "join"]), inner, inner).map(
            lambda three: f"{three[0]}({three[1]}, {three[2]})"
        ),
        st.tuples(st.sampled_from(["sort_by", "min_by", "max_by"]), inner, inner).map(
            lambda three: f"{three[0]}({three[1]}, &{three[2]})"
        ),
        pair.map(lambda two: f"map(&{two[0]}, {two[1]})"),
    )  # fmt: skip


expressions = st.recursive(_leaves, _larger, max_leaves=6)
