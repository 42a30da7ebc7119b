"""Explain a verb or a topic."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator

from fgtui.cli.console import Console
from fgtui.cli.exit_codes import MEANINGS, ExitCode
from fgtui.cli.parsing import HELP_WIDTH, Parser, did_you_mean
from fgtui.cli.verbs import VERBS
from fgtui.errors import UsageError
from fgtui.words import Uncut, say, translated

TOPICS: dict[str, str] = {
    "targets": """\
A target is where an event goes: a function on this machine, a server, or a deployed function.

  src/index.handler                    Python or Node.js, as FunctionGraph spells it: whichever file is there
  src/index.py:handler                 the file named, for when several are
  src/index.js:handler                 .js, .mjs and .cjs are Node.js, 18 or later
  target/app.jar:com.x.Main.handle     Java, 11 or later: a jar or a folder of classes, then the method
  com.x.Main.handle --runtime java     the same, where Maven, Gradle or a package for the cloud have the classes
  bootstrap                            a custom runtime: an executable that asks $RUNTIME_API_ADDR for its events
  bootstrap --runtime http             an HTTP function: a web server; an apig event becomes the request
  bootstrap --runtime container        a container's event function: POST /invoke with the event
  http://127.0.0.1:8000/invoke         a container that runs already: POST with the event
  https://api.example.com/v1           an API: an apig event becomes the request, any other is posted as JSON
  urn:fss:REGION:PROJECT:function:…    a deployed function, through a profile (fgtui help remote, fgtui help profiles)
  NAME                                 [targets.NAME] of fgtui.toml

Servers listen at 127.0.0.1:8000, or at the port in $PORT where 8000 is taken. Bash runs a bootstrap of theirs that is
not executable. One that you name by its URL is started by you, so it is never sent POST /init.
A URL is a container's where its path is /invoke; any other is an API's.
--runtime container or http says so of any URL; http is an HTTP function, which takes apig events alone.
A container fails with any status outside 2xx; of an API every status is a result, and no redirect is followed.
An HTTP function is told the event's host and the platform's headers, as in the cloud; an API its own host.
Go, PHP, C#, Cangjie and any other language run as a custom runtime: what is compiled, or a script that starts it, is
an executable `bootstrap` that asks http://$RUNTIME_API_ADDR/v1/runtime/invocation/ in a loop: GET request, then
POST response/ID or error/ID, the id being the header X-Cff-Request-Id of the request. Programs of the Go runtime
library, whose runtime.Register listens at that address instead, are not run by this version.

Java gets the Gson of Maven's or Gradle's folder where the class path has none, as the cloud brings one.
--timeout is for starting (imports, the initializer, waiting for a port), and then for each event.
--memory is for all processes of the function together; files in memory (/dev/shm, memfd) do not count.
--env may name any variable but the platform's own: RUNTIME_LOG_LEVEL is yours, RUNTIME_CODE_ROOT is not.

Without --target: default_target of fgtui.toml, else its only target, else the bundled sample handler.
A handler you spell is a yes to run it; what fgtui.toml names is asked for once (fgtui help trust).
What this machine can run: fgtui doctor.""",
    "remote": """\
fgtui send obs --target production        [targets.production] with urn = "urn:fss:…" and profile = "prod"
fgtui send obs --target 'urn:fss:cn-north-4:PROJECT:function:default:thumbnail:!live' --profile prod

  urn:fss:REGION:PROJECT:function:PACKAGE:NAME              its latest version
  urn:fss:REGION:PROJECT:function:PACKAGE:NAME:VERSION      a published one
  urn:fss:REGION:PROJECT:function:PACKAGE:NAME:!ALIAS       whatever an alias leads to; in quotes, for the shell's sake
  NAME, PACKAGE:NAME, PROJECT:PACKAGE:NAME[:VERSION]        in settings, or with --profile, which says the rest

Recorded are the answer, the end of the log that the service sends with it (2 KB), its duration, billed time and memory.

  --async        the service takes the event and answers later: its status is followed to the end, each step a log line.
                 Ctrl+C ends the following, not the function. The answer itself is wherever the function sends it
  --timeout S    for the whole call, following included (120)
  --memory MB    asked for with the call; counts for functions with dynamic memory

  raised, timed_out, out_of_memory, init_failed, crashed    the function's, as the service tells
  rejected       the service said no: its code, what that means and what to do; a redirect is one, and not followed
  unreachable    no whole answer came; it is said whether the function may have run

Nothing is sent twice, whatever happens. Many events, by --repeat or replay, are asked for, or --yes; where the profile
is guarded its name is typed even for one, or --yes-really. Both stop at the first event that may have run.

fgtui remote-events --target production   the console's saved test events: list, pull, push, diff, delete""",
    "profiles": """\
A profile says how deployed functions are reached and as whom. Secrets stay where they are: settings only refer to them.

  [profiles.prod]
  endpoint = "https://functiongraph.cn-north-4.myhuaweicloud.com"    default: that of the function's region
  project = "0123456789abcdef0123456789abcdef"                       default: the one in the function's URN
  guard = true                                                       its name is typed before anything is sent
  ca_file = "company.pem"                                            trusted besides the system's authorities

and one of these; without any, who the official SDK would be: HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_SK, else its file.

  access_key = "${env:AK}"               with secret_key, and security_token where they are temporary
  token = "${keyring:fgtui/prod}"        any of these may be in a keyring: pip install 'fgtui[keyring]'
  credential_file = "keys"               [basic], ak = …, sk = …, as ~/.huaweicloud/credentials
  credential_command = ["vault", "…"]    prints {"access_key": …, "secret_key": …} or {"token": …}, with "expires_at"
                                         and "security_token" where there are such
  iam_user = "ann"                       with iam_domain and iam_password: tokens are fetched, and renewed

A call goes through --profile, else the target's profile, else the only one there is. Credentials travel over https
(over http to this machine), to the endpoint and IAM alone, and are in no recording, report, message or file. A profile
of a project's fgtui.toml is used once somebody agreed to it (fgtui help trust). Proxies are those of the environment.

fgtui config                    what is in force for each, and where it comes from; nothing is fetched
fgtui doctor --profile prod     tries it: credentials, proxy, endpoint, TLS, clock, project; invokes nothing""",
    "serve": """\
Paths below /v2/PROJECT/fgs/ are answered as the service would: invocations, invocations-async and their status, request
version v0 and v1, the end of the log, a function's test events, and errors with the service's codes. Whatever function
a URN names, it is the one that is served. The official SDK needs nothing but the address:

  FunctionGraphClient.new_builder().with_credentials(…).with_endpoint("http://127.0.0.1:9080").build()

Every other request comes through the gateway: it becomes an apig event, its body in base64, and the handler's answer
becomes the response, so that curl and a browser reach the handler: curl 'http://127.0.0.1:9080/orders?id=7'

Paths of --route are spelled as the gateway spells them, /orders/{id}, and /files/{path+} takes all that follows; what
fits none of them is not found. With --profile signatures and tokens of the invocation API are verified; the gateway
side asks nobody for credentials, in front of a deployed or guarded target neither, whose calls fgtui signs.

An event may have 6 MB, an asynchronous one 256 KB, a body through the gateway 4 MB. Pages of other sites are refused,
as far as browsers tell: with --host beyond this machine not of a plain GET, which only a guarded target does not take.
An answer does not wait until it is recorded; stderr says when it is. No recording can be read through the endpoint.
In the workbench: "Serve the target", in the palette.""",
    "debugging": """\
fgtui send obs --target src/index.handler --debug

starts the function waiting for a debugger, says where to attach, and suspends its limits. --debug PORT names the port.
In the workbench: Alt+W. There p and P walk the places that a traceback names, Enter or o opens one in $EDITOR.

  Python    needs debugpy beside the interpreter: .venv/bin/python -m pip install debugpy
            VS Code: "Python Debugger: Remote Attach", 127.0.0.1, 5678
  Node.js   chrome://inspect, or VS Code: "Attach to Node.js", port 9229
  Java      IntelliJ IDEA: "Remote JVM Debug", or jdb -attach 127.0.0.1:5005

Where the usual port is taken the next free one is used. Custom runtimes, HTTP functions and containers start their own
debugger, from bootstrap; --debug then suspends the limits. With --watch it waits again after each change.""",
    "assignments": """\
--set PATH=VALUE changes one place of the decoded event; base64, gzip and JSON in strings are reached through.

  Records[0].s3.object.key=a b.png     JSON if it parses, else text
  Records[0].s3.object.size:=43        JSON, or an error
  lts.data.logs[0].message=boom        through base64 and two layers of JSON
  body=@payload.json                   a file's content

Values may hold {{uuid}} {{now}} {{now-5m}} {{counter}} {{env:NAME}}.""",
    "queries": """\
A query is a JMESPath expression over an exchange:

  outcome.kind != 'returned'
  event.trigger == 'obs' && contains(event.body.Records[0].s3.object.key, 'png')
  event.decoded.lts.data.owner == '6280e1'        encoded strings opened
  outcome.result.statusCode == `500`
  contains(tags, 'marked') && outcome.duration_ms > `1000`
  from_json(event.body.Message).order.id == '7'   and base64_decode, gunzip, url_decode, which nest;
                                                  also powertools_json, powertools_base64, powertools_base64_gzip

Comparisons of id, seq, started_at, replay_of, note, tags, event.trigger, event.template, target.kind, target.spec,
outcome.kind, outcome.status_code and outcome.duration_ms are answered at once, whatever a session's length. Put them
first: what follows && is tried on the exchanges that are left. Times are text: started_at > '2026-11-22T10'.

--project reshapes what is found: --project '{key: event.body.Records[0].s3.object.key, ms: outcome.duration_ms}'
Of a file (fgtui query order.json EXPR), numbers that are only passed on are printed as they are written. Of recordings
they are values: 1.10 is 1.1, integers have all their digits, and one that no double holds and 4,300 digits do not
spell, as 1E999999, is no result.""",
    "files": """\
A session leaves and comes as a file:

  JSON Lines (.jsonl)   a header, then one exchange a line: for git, grep and colleagues. Wherever a session's name is
                        taken, the name of such a file is too: fgtui replay suite.jsonl
  HAR (.har)            an HTTP archive, as browsers and proxies read and write it. What fgtui wrote comes back exactly
  pytest (.py)          out only: a test for each exchange

fgtui export SESSION -o FILE      redacted by today's rules; --preview lists what is replaced, --where chooses;
                                  for you alone (0600), unless it replaces a file, whose mode it keeps
fgtui import FILE…                redacted on the way in, and nothing twice, so an import can be repeated

What a file is, its content decides. Of others' archives each request over HTTP becomes an apig event, and the answer
what a function behind the gateway would have returned. A plain event (.json, comments allowed) or one exchange as
`show --json` prints it is a file of its own; of a folder, and the folders in it, .json, .jsonc, .jsonl, .ndjson and
.har are read, hidden files and links are not. A plain event was never sent: it has no target, its outcome is cancelled,
and a replay has nothing to compare with. The session is --into, else the one that the file or the folder names, else
imported. Lines and entries that are no exchange are told by number and passed over; of several files that
are named all are imported or, where one cannot be read, none. Standard input is -: zcat traffic.har.gz | fgtui import -
Characters that cannot be seen are spelled out in notes and tags, and a tag with commas becomes several.""",
    "suites": """\
A .jsonl file in git is a regression suite: recorded events, and how they ended.

  fgtui export orders --where "outcome.kind == 'returned'" -o suite.jsonl    make it from a session
  fgtui replay suite.jsonl --target T --find-noise       what is new each time: copy it into [replay] ignore
  fgtui replay suite.jsonl --target T                    what differs; exit code 1 when anything does
  fgtui replay suite.jsonl --target T --update           after an intended change; asks first

In continuous integration: fgtui replay suite.jsonl --target T --no-record --junit report.xml. There T is spelled out,
src/index.handler, or a name of fgtui.toml with FGTUI_TRUST set to what fgtui trust --show prints. Secrets in events
are references: [replay.secrets] token = "${env:ORDERS_TOKEN}" serves every redacted value under that name.
As a test file to own and change: fgtui export orders -o test_orders.py (pytest).""",
    "statistics": """\
fgtui stats SESSION [EXPR] [--by EXPR] counts as the service's own metrics do:

  invocations   what reached the function, failed and cancelled ones included, and what was throttled
  errors        the function's: raised, init_failed, timed_out, out_of_memory, crashed, invalid_response;
                the service's: rejected with a status from 500 on
  rejections    rejected with any other status, before the function ran; of them only the throttled (429)
                are invocations, since the service counts those
  unreachable   nobody answered, or the line broke: no invocations
  duration      of the function; neither rejections nor unreachable ones have one
  at once       the most that ran at the same time, from start and duration
  percentiles   nearest rank: a duration that occurred, at or below which so many percent of them lie
  never sent    events that were only imported; they are no invocations

--by trigger, target, outcome, status or template; or what a JMESPath expression is of each exchange, and null where
it is nothing: --by 'event.body.Records[0].eventName'. The histogram has steps of 1, 2, 5 milliseconds.""",
    "chains": """\
A topic, a queue, a stream or a log carries events of others: what a bucket reports to a topic reaches the function as
an SMN event with an OBS event inside.

fgtui wrap smn obs                            a template inside a template, as the services send it
fgtui wrap kafka --template records e.json    a file inside, character by character; --compact takes its white space out
fgtui wrap smn obs | fgtui wrap kafka         a chain
fgtui wrap dis a.json b.json --fresh          several records, with new ids and times of the carrier
fgtui unwrap e.json                           what is inside, exactly as it was carried; once for each layer
fgtui unwrap e.json --all                     all of several, one on each line; --at PATH one of them

What carries, where, and how it is written there is in samples/README.md: text in a string (SMN, DMS, Kafka, RocketMQ,
RabbitMQ, a timer's additional information, a line of LTS, the payload of an asynchronous notification), base64 (DIS,
and API Gateway where isBase64Encoded is true), the value itself (EventGrid, of an OBS event the record alone).
--set reaches inside: --set 'record[0].smn.message.Records[0].s3.object.key=cat.png'. Over 6 MB, or 256 KB where the
function is called asynchronously, is said and still printed.

A trigger of your own carries by its trigger.toml; the first place that an event has is used:

  [carries]
  at = ["items[*].payload"]      [*] is repeated where several events are wrapped
  codec = "base64"               or "text", or "value"; a place of [base64_flags] is base64 when its flag says so
  limit = 76_800                 bytes that the service passes on in one piece, where that is known

  [carries.of.obs]               events of one trigger that travel otherwise
  part = "Records[*]"            not the whole: each of these by itself
  template = "obs"               the carrier's template for it, and usual = "v3" the one of its own
  beside.subject.at = ["obs.object.key"]   a member beside it that repeats something of it""",
    "comparing": """\
fgtui diff orders 3 7             two exchanges of a session; last is a number too
fgtui diff orders 7               7 and the one it replays
fgtui diff orders 3 after 3       one of each session, or .jsonl file
fgtui diff orders.jsonl after     in pairs: replays, else by their events

Compared are the outcome's kind, status, headers, error and result. What is encoded beyond doubt is opened first: the
body of an answer to API Gateway, JSON and base64 in strings. --part event compares what was sent.
Items of arrays are matched by a member that names them, as id does, or by their value; that they are in another order
is one difference of its own. Numbers differ when 1 became 1.0, but within --tolerance 0.01 or 1% of the larger one.

--ignore RULE, or ignore = ["RULE", …] below [replay] of the settings:
  outcome.result.id                  a place with all below it
  outcome.result.items[*].id         [*] any index, * any member, ** any number of steps
  outcome.result.createdAt~time      only while both are times: that it became null is told
  ~uuid                              any place that differs only in UUIDs
  outcome.result.items~order         that items are in another order
  /.*(At|_time)/                     places by their paths, as they are printed
  **.etag~/W.+/                      both values match
Kinds: time, uuid, id (a word of 16 or more letters and digits), number, order. All but order are looked for inside
longer texts too. An expression in slashes stands for the whole text; there is . [a-z] \\d \\w \\s ( ) | * + ? {2,5}.

fgtui diff orders 7 --find-noise --target T   sends 7 twice and prints what to ignore""",
    "reports": """\
fgtui report SESSION SEQ          a bug report in Markdown; SEQ may be last, SESSION a .jsonl file
fgtui report orders 7 --copy      on the clipboard; stderr says by which way it went
fgtui report orders 7 -o bug.md   into a file; never over one without --force
fgtui report orders 7 --preview   only looks: what would leave, and each value that is replaced in it

  markdown   event decoded and as sent, outcome, error, end of the log, target, versions, how to run it again
  json       the exchange
  curl       the HTTP request: what an apig event stands for, else the event posted to where the function is invoked
  cli        the fgtui send that sends the same bytes to the same target
  python     a program of the standard library alone that calls the Python handler, or posts the event
  pytest     a test file with one case; fgtui export SESSION -o test_orders.py has one for each exchange

Commands run in sh, bash and zsh as they are pasted. What no recording knows is a variable: $FGTUI_URL is where the
function answers, $X_AUTH_TOKEN a token of IAM. Redacted values are variables too, named after their keys; while one is
not set the command says so and sends nothing. Inside base64 no variable can be put: SEND_REDACTED=1 sends those
placeholders as they are.""",
    "redaction": """\
Before an exchange is written, copied or exported, each secret gives way to <redacted:TTTTDDDDDDDD>: a digest of the
value with a salt that never leaves the store, so equal secrets have equal placeholders, and nobody can try passwords
on them. TTTT tells stores apart. It cannot be undone. What `send` prints is the answer as received.

Replaced by name, in JSON, headers, query strings, logs, YAML, INI, XML, command lines and name/value pairs:
  authorization cookie token(s) password passwd pwd passphrase secret credential signature appcode ak sk user_data,
  access, secret, private, account and API keys, session ids; also as part of a name: X-Auth-Token, DB_PASSWORD;
  密码 口令 令牌 密钥 私钥 凭证 凭据 at the end of a name
Replaced by look, anywhere: private keys, JWTs, IAM tokens, Bearer and Basic credentials, signatures of requests,
  passwords in addresses, keys of well-known vendors; and wherever they turn up, the secrets of your own fgtui.toml and
  of variables that --set refers to
Replaced once more: what a name gave away in an event or an answer, where the handler repeats it under another name, in
  a log or an error; not so words and numbers that may stand anywhere, and values of fewer than 8 characters
Inside JSON strings, base64 and gzip, five layers down, encoded again as they were.
Kept: token_count, max_tokens, next_token, numbers of tokens, checksums, UUIDs, request ids, null, true, false.

Your own names, in fgtui.toml:
  [redaction]
  keys = ["x-internal-token", "pin"]

fgtui report SESSION SEQ --preview   lists each place, what kind of value stood there, and its placeholder.
Exchanges recorded under older rules are redacted again by today's when they leave.""",
    "keys": """\
What the workbench does has a name, and keys that can be others, in fgtui.toml or config.toml:

  [keys]
  send = "Ctrl+J, Alt+Shift+S"    these keys in place of the usual ones, spelled as the workbench shows them
  preset = "ide"                  as fits that terminal, or tmux, screen, mac, none; auto sees by itself (default)

Shift is written as Shift: Alt+S is without it. A single letter is what is typed, so N is with it.
(palette) has no key, and is found by Ctrl+P, as is anything else that can be done.""",
    "settings": "",
    "exit-codes": "",
    "environment": """\
FGTUI_HOME   moves settings, recordings and everything else fgtui keeps
FGTUI_TRUST  the hash that `fgtui trust --show` prints: a yes where nobody can be asked
FGTUI_LANG   en or zh, over the locale
NO_COLOR     no colours

HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK, HUAWEICLOUD_SDK_SECURITY_TOKEN, HUAWEICLOUD_SDK_CREDENTIALS_FILE
             whom deployed functions are called as where no profile says so (fgtui help profiles)
https_proxy, http_proxy, all_proxy, no_proxy
             the way to them and to servers, in capitals too; never on the way to this machine""",
}


def text_of(topic: str) -> str:
    """What there is to say on a topic, in the person's language."""
    if topic == "exit-codes":
        return "\n".join(f"{code.value:>4}  {translated(meaning)}" for code, meaning in MEANINGS.items())
    if topic == "settings":
        return "\n".join(_settings())
    return translated(TOPICS.get(topic, ""))


def _settings() -> Iterator[str]:
    """Every key of ``fgtui.toml`` and ``config.toml``, what it takes and what it means."""
    from fgtui.settings_table import SETTINGS
    from fgtui.terminal.wrapping import wrap

    for each in SETTINGS:
        default = "" if each.default in (None, ()) else f" ({str(each.default).lower()})"
        yield f"{each.key}{default}"
        yield from (f"    {line}" for line in wrap(translated(each.description), HELP_WIDTH - 4))


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("topic", metavar="TOPIC", nargs="?", help="a verb or a topic; fgtui help alone names them")
    parser.offers["topic"] = (*VERBS, *TOPICS)


def run(arguments: Namespace, console: Console) -> int:
    """Print the help of a verb, a topic's text, or what there is."""
    from fgtui.cli.main import parser_of, workbench_parser

    topic = arguments.topic
    if topic is None:
        workbench_parser().print_on(console.output)
        console.output.line(say("topics of fgtui help: {topics}", topics=Uncut(", ".join(TOPICS))))
    elif topic in VERBS or topic in TOPICS:
        if topic in VERBS:
            parser_of(topic).print_on(console.output)
        if topic in VERBS and topic in TOPICS:
            console.output.line()
        for line in text_of(topic).splitlines():
            console.output.line(line)
        if topic == "keys" and console.names is not None:
            for line in console.names().list_keys(console.settings(arguments), console.environment):
                console.output.line(line)
    else:
        raise UsageError(
            "there is no help on {topic!r}; there is {topics}, and every verb",
            topic=topic,
            topics=", ".join(TOPICS),
            **did_you_mean(topic, (*VERBS, *TOPICS)),
        )
    return ExitCode.OK
