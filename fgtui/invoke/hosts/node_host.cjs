'use strict';
/*
 * Runs one Node.js handler: the program inside the child processes of a local target.
 *
 * `program_host.py` becomes the user's own `node` with this file, which needs nothing beside it. Node 18 or later runs
 * handlers; older ones, back to 6, understand enough of this file to say that they are too old. It ends in `.cjs`, so
 * that no package.json above it and no option makes an ES module of it.
 *
 * Descriptors: 0 the null device, 1 and 2 the log, 3 events (read), 4 answers (write). The messages are those of
 * `python_host.py`, without the keeper's part: a nonce of 16 bytes, a length of 8, the content; an answer ends with the
 * nonce again. Facts: runtime.md sections 2.5 to 2.7 and 3.
 *
 * User code shares this process and may patch anything. What is needed once it was loaded is kept under private names,
 * methods as functions that take `this` first; from then on nothing below looks a method up or iterates but by index.
 */

const OLDEST = 18;
const LOG = 1;
const EVENTS = 3;
const ANSWERS = 4;
const NONCE_SIZE = 16;
const HEADER = NONCE_SIZE + 8;
const CHUNK = 65536; // what a pipe holds
const RESULT_LIMIT = 6 * 1048576;
const RECORD_LIMIT = 92160; // characters of one log record (runtime.md section 2.6)
const TEXT_LIMIT = 262144; // characters of an error's own text that are passed on
const STACK_LIMIT = 2000; // lines of a stack that are passed on
const FILES_LIMIT = 1000; // files whose changes are watched: each is looked at before every send
const SCAN_LIMIT = 524288; // bytes of a file that is searched for imports; bundles are larger and import nothing
const CHECK_LIMIT = 5; // files that are searched for a syntax error: each takes a start of Node
const LOST = 70; // exit code of a host that cannot reach fgtui any more
const ENDS = '0 0 0 /dev/null/ended'; // a list of files that are never as they were: the instance takes no more events
const LEVELS = { DEBUG: 10, INFO: 20, WARN: 30, ERROR: 40 };
const ENTRY = 'function entry exception, error: ';
const INVOCATION = 'function invocation exception, error: ';
const INITIALIZATION = 'function initialization exception, error: ';
const WAITS = 'fgtui: the handler returned no Promise and takes no callback: FunctionGraph waits for one of them';
const INVALID = 'function result is invalid, error: ';

const fs = require('fs');
const versions = process.versions.node.split('.');
if (Number(versions[0]) < OLDEST) {
  fs.writeSync(2, `this is Node.js ${process.versions.node}; handlers need ${OLDEST} or later\n`);
  process.exit(1);
}

const Module = require('module');
const net = require('net');
const path = require('path');
const stream = require('stream');
const url = require('url');
const util = require('util');

const uncurried = Function.prototype.bind.bind(Function.prototype.call);
const { apply } = Reflect;
const { parse, stringify } = JSON;
const { keys: keysOf, create: createObject } = Object;
const { readSync, writeSync, openSync, fstatSync, statSync, realpathSync, readFileSync } = fs;
const { O_RDONLY, O_WRONLY } = fs.constants;
const { format, inspect } = util;
const { isPromise } = util.types;
const { pathToFileURL, fileURLToPath, URL: Url } = url;
const { Socket } = net;
const PlainError = Error;
const PlainRangeError = RangeError;
const PlainSyntaxError = SyntaxError;
const PlainPromise = Promise;
const PlainDate = Date;
const Bytes = Uint8Array;
const PlainTypeError = TypeError;
const textOf = String;
const floor = Math.floor;
const isView = ArrayBuffer.isView;
const bytesFrom = Buffer.from;
const wait = Atomics.wait;
const nap = new Int32Array(new SharedArrayBuffer(4));
const isInstance = uncurried(Function.prototype[Symbol.hasInstance]);
const resolved = Promise.resolve.bind(Promise);
const then = uncurried(Promise.prototype.then);
const indexOf = uncurried(String.prototype.indexOf);
const slice = uncurried(String.prototype.slice);
const trim = uncurried(String.prototype.trim);
const exec = uncurried(RegExp.prototype.exec);
const toISOString = uncurried(Date.prototype.toISOString);
const hasOwn = uncurried(Object.prototype.hasOwnProperty);
const utf8Slice = uncurried(Buffer.prototype.utf8Slice);
const utf8Write = uncurried(Buffer.prototype.utf8Write);
const copyInto = uncurried(Uint8Array.prototype.set);
const encode = TextEncoder.prototype.encode.bind(new TextEncoder());
const exit = process.reallyExit.bind(process);
const usage = process.resourceUsage.bind(process);
const { now } = Date;
const listenerCount = process.listenerCount.bind(process);
const hasCapture = process.hasUncaughtExceptionCaptureCallback.bind(process);
const nextTick = process.nextTick;
const later = setImmediate;
const loadModule = Module._load;
const keeper = process.ppid;
const countsPeak = process.platform === 'linux';
const importModule = compiledImport();

setInterval(() => {}, 0x7fffffff); // nothing a handler waits for in vain ends the process

// The line to fgtui

/* A descriptor of ours, found again through the keeper when a handler has closed or replaced it. */
class Line {
  constructor(number, flags) {
    this.number = number;
    this.path = `/proc/${keeper}/fd/${number}`;
    this.flags = flags;
    const found = fstatSync(number);
    this.device = found.dev;
    this.inode = found.ino;
  }

  isIntact() {
    try {
      const found = fstatSync(this.number);
      return found.ino === this.inode && found.dev === this.device;
    } catch (error) {
      return false;
    }
  }

  descriptor() {
    if (!this.isIntact()) {
      try {
        this.number = openSync(this.path, this.flags);
      } catch (error) {
        exit(LOST);
      }
      if (!this.isIntact()) exit(LOST);
    }
    return this.number;
  }
}

const log = new Line(LOG, O_WRONLY);
const events = new Line(EVENTS, O_RDONLY);
const answers = new Line(ANSWERS, O_WRONLY);

/* Write all of it, however long that takes; a descriptor that was set not to block is waited for. */
function writeAll(line, bytes, length) {
  let written = 0;
  while (written < length) {
    try {
      written += writeSync(line.descriptor(), bytes, written, length - written);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      wait(nap, 0, 0, 1);
    }
  }
}

function writeLog(bytes) {
  try {
    writeAll(log, bytes, bytes.length);
  } catch (error) {
    // a log nobody can write is no reason to fail
  }
}

const chunk = Buffer.allocUnsafeSlow(CHUNK);
const chunkMemory = chunk.buffer;
let held = new Bytes(0); // what has come of a message that is not whole yet
let filled = 0;

/* Take in `count` bytes of `chunk`; the message they complete, or null. */
function received(count) {
  if (filled === 0 && count >= HEADER && count === HEADER + sizeIn(chunk)) return messageIn(chunk, count);
  keep(filled + count);
  copyInto(held, new Bytes(chunkMemory, 0, count), filled);
  filled += count;
  if (filled < HEADER) return null;
  const size = HEADER + sizeIn(held);
  keep(size);
  if (filled < size) return null;
  const message = messageIn(held, size);
  held = new Bytes(0);
  filled = 0;
  return message;
}

function keep(size) {
  if (held.length >= size) return;
  const larger = new Bytes(size);
  copyInto(larger, held);
  held = larger;
}

function sizeIn(bytes) {
  let size = 0;
  for (let index = NONCE_SIZE; index < HEADER; index += 1) size = size * 256 + bytes[index];
  return size;
}

/* The nonce, and where the content is: in `bytes` from the header on, as long as nothing else is received. */
function messageIn(bytes, end) {
  const nonce = new Bytes(NONCE_SIZE);
  for (let index = 0; index < NONCE_SIZE; index += 1) nonce[index] = bytes[index];
  return { nonce, bytes, end };
}

function receiveNow() {
  for (;;) {
    let count = 0;
    try {
      count = readSync(events.descriptor(), chunk, 0, CHUNK, null);
    } catch (error) {
      if (error.code !== 'EAGAIN') exit(LOST);
      wait(nap, 0, 0, 1);
      continue;
    }
    if (count === 0) exit(0);
    const message = received(count);
    if (message !== null) return message;
  }
}

let mend = null; // goes on listening after user code has closed or replaced the descriptor

/*
 * From now on events come through the event loop, which turns between them as in a server. Where user code has left
 * nothing of the module that this takes, they are waited for without the loop.
 */
function listen() {
  let handle = null;
  let isOver = false;
  mend = () => {
    if (isOver) return;
    isOver = true;
    if (handle !== null) handle.readStop();
    if (events.isIntact()) exit(0); // it was fgtui that closed its end
    listen();
  };
  try {
    const again = mend;
    const socket = new Socket({
      fd: events.descriptor(),
      readable: true,
      writable: false,
      onread: {
        buffer: chunk,
        callback(count) {
          if (!events.isIntact()) {
            again();
            return false;
          }
          const message = received(count);
          if (message !== null) take(message);
          return true;
        },
      },
    });
    handle = socket._handle;
    socket.emit = (name) => {
      if (name === 'end' || name === 'error' || name === 'close') again();
      return true;
    };
    if (handle.reading) return;
  } catch (error) {
    // forged
  }
  mend = null;
  receiveThen(listen);
}

/* Wait for an event without the loop; once it is answered and the loop has turned, `next` is called. */
function receiveThen(next) {
  onAnswered = () => later(next);
  take(receiveNow());
}

const scratch = Buffer.allocUnsafeSlow(CHUNK);

/* One answer: its kind and sections, text or bytes. Written at once, so that it is out whatever comes next. */
function send(nonce, kind, sections) {
  let most = HEADER + 1 + NONCE_SIZE;
  for (let index = 0; index < sections.length; index += 1) {
    most += 4 + sections[index].length * (typeof sections[index] === 'string' ? 3 : 1);
  }
  const target = most <= CHUNK ? scratch : new Bytes(most);
  let at = HEADER;
  at += utf8Write(target, kind, at, 1);
  for (let index = 0; index < sections.length; index += 1) {
    const section = sections[index];
    const start = at + 4;
    if (typeof section === 'string') {
      at = start + utf8Write(target, section, start, section.length * 3);
    } else {
      copyInto(target, section, start);
      at = start + section.length;
    }
    writeNumber(target, at - start, start - 4, 4);
  }
  copyInto(target, nonce);
  writeNumber(target, at - HEADER, NONCE_SIZE, 8);
  copyInto(target, nonce, at);
  try {
    writeAll(answers, target, at + NONCE_SIZE);
  } catch (error) {
    exit(LOST);
  }
}

function writeNumber(target, number, start, width) {
  for (let index = start + width - 1; index >= start; index -= 1) {
    target[index] = number % 256;
    number = (number - target[index]) / 256;
  }
}

/* Peak of resident memory in KiB; 0 where the system counts in another unit. */
function peak() {
  return countsPeak ? `${usage().maxRSS}` : '0';
}

// What is printed

/* Standard output and error: raw, written at once, and never closed, as the platform replaces them. */
class Printer extends stream.Writable {
  constructor(number) {
    super({ decodeStrings: false });
    this.fd = number;
    this._isStdio = true;
  }

  write(text, encoding, callback) {
    const done = typeof encoding === 'function' ? encoding : callback;
    if (typeof text !== 'string' && !isView(text)) return super.write(text, encoding, callback);
    if (typeof text !== 'string') {
      writeLog(new Bytes(text.buffer, text.byteOffset, text.byteLength));
    } else if (typeof encoding === 'string' && encoding !== 'utf8' && encoding !== 'utf-8') {
      writeLog(bytesFrom(text, encoding));
    } else {
      writeLog(encode(text));
    }
    if (typeof done === 'function') nextTick(done);
    return true;
  }

  end(text, encoding, callback) {
    const done = [text, encoding, callback].find((argument) => typeof argument === 'function');
    if (text !== undefined && text !== null && text !== done) this.write(text, encoding);
    if (done !== undefined) nextTick(done);
    return this;
  }

  destroy() {
    return this;
  }
}

function replaceStreams() {
  for (const [name, number] of [['stdout', 1], ['stderr', 2]]) {
    let printer = null;
    Object.defineProperty(process, name, {
      configurable: true,
      enumerable: true,
      get() {
        if (printer === null) printer = new Printer(number);
        return printer;
      },
    });
  }
}

/* `context.getLogger()` (runtime.md section 2.6). */
class Logger {
  constructor(requestID, invokeID) {
    this.requestID = requestID;
    this.invokeID = invokeID;
    this.logLevel = 'INFO';
  }

  debug(...parts) {
    if (LEVELS[this.logLevel] <= LEVELS.DEBUG) record(identifierOf(this), 'DEBUG', parts);
  }

  info(...parts) {
    if (LEVELS[this.logLevel] <= LEVELS.INFO) record(identifierOf(this), 'INFO', parts);
  }

  warn(...parts) {
    if (LEVELS[this.logLevel] <= LEVELS.WARN) record(identifierOf(this), 'WARN', parts);
  }

  error(...parts) {
    record(identifierOf(this), 'ERROR', parts);
  }

  /* DEBUG, INFO, WARN or ERROR; anything else is ignored. */
  setLevel(level) {
    if (typeof level === 'string' && hasOwn(LEVELS, level)) this.logLevel = level;
  }
}

function identifierOf(logger) {
  return told(logger.requestID || logger.invokeID);
}

function record(identifier, level, parts) {
  let text = '';
  try {
    text = apply(format, undefined, parts);
  } catch (error) {
    for (let index = 0; index < parts.length; index += 1) text += (index ? ' ' : '') + told(parts[index]);
  }
  const head = `${slice(toISOString(new PlainDate()), 0, 19)}Z ${identifier} ${level} `;
  let lines = '';
  for (let start = 0; start === 0 || start < text.length; start += RECORD_LIMIT) {
    lines += `${head}${slice(text, start, start + RECORD_LIMIT)}\n`;
  }
  writeLog(encode(lines));
}

// What a handler is given

let config = null;

/*
 * What the handler is told, in the strict form: numbers as texts, the limit in milliseconds (section 2.5). The fields
 * are the platform's and in its order: published handlers return `JSON.stringify(context)`. Ids are missing for the
 * initializer, credentials empty as for a function without an agency, workflows those of function flows.
 */
class Context {
  constructor(requestID) {
    this.functionName = config.function_name;
    this.package = config.package;
    this.projectID = config.project_id;
    this.functionVersion = config.version;
    this.memory = `${config.memory_mb}`;
    this.cpu = `${config.cpu}`;
    this.userData = userDataIn(config.environment.RUNTIME_USERDATA);
    this.timeout = config.timeout_s * 1000;
    this.startTime = now();
    this.requestID = requestID;
    this.accessKey = '';
    this.secretKey = '';
    this.securityAccessKey = '';
    this.securitySecretKey = '';
    this.authToken = '';
    this.securityToken = '';
    this.logger = new Logger(requestID, requestID || 'initializer');
    this.invokeID = requestID || undefined;
    this.invokeProperty = null;
    this.fromTask = false;
    this.instanceID = null;
    this.state = null;
    this.traceID = requestID || undefined;
    this.alias = '';
    this.workflowID = '';
    this.workflowRunID = '';
    this.workflowStateID = '';
  }

  getRequestID() { return this.requestID; }

  getRemainingTimeInMilliSeconds() { return floor(this.startTime + this.timeout - now()); }

  getRunningTimeInSeconds() { return this.timeout; }

  getMemorySize() { return this.memory; }

  getCPUNumber() { return this.cpu; }

  getProjectID() { return this.projectID; }

  getPackage() { return this.package; }

  getFunctionName() { return this.functionName; }

  getVersion() { return this.functionVersion; }

  getAlias() { return this.alias; }

  getUserData(key) { return hasOwn(this.userData, key) ? this.userData[key] : undefined; }

  getLogger() { return this.logger; }

  getAccessKey() { return this.accessKey; }

  getSecretKey() { return this.secretKey; }

  getSecurityAccessKey() { return this.securityAccessKey; }

  getSecuritySecretKey() { return this.securitySecretKey; }

  getSecurityToken() { return this.securityToken; }

  getToken() { return this.authToken; }

  getWorkflowID() { return this.workflowID; }

  getWorkflowRunID() { return this.workflowRunID; }

  getWorkflowStateID() { return this.workflowStateID; }
}

/* The user's variables; what is not a JSON object counts as none (section 2.7). */
function userDataIn(text) {
  try {
    const value = parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch (error) {
    return {};
  }
}

// Errors, whose every property is the user's

const roots = [];

/* `text` with the code root as a dot, as the platform shows it. */
function shown(text) {
  for (let index = 0; index < roots.length; index += 1) {
    const root = roots[index];
    let at = indexOf(text, root);
    if (at < 0) continue;
    let result = '';
    let rest = 0;
    for (; at >= 0; at = indexOf(text, root, rest)) {
      result += `${slice(text, rest, at)}.`;
      rest = at + root.length;
    }
    text = result + slice(text, rest);
  }
  return text;
}

function isBelowRoot(line) {
  for (let index = 0; index < roots.length; index += 1) {
    if (indexOf(line, roots[index]) >= 0) return indexOf(line, __filename) < 0;
  }
  return false;
}

/* `String(value)`, cut; never throws. */
function told(value) {
  try {
    return cut(textOf(value));
  } catch (error) {
    return `<unprintable ${typeof value}>`;
  }
}

function cut(text) {
  return text.length <= TEXT_LIMIT ? text : `${slice(text, 0, TEXT_LIMIT)}… (${text.length} characters)`;
}

function propertyOf(value, name) {
  try {
    return value[name];
  } catch (error) {
    return undefined;
  }
}

function is(kind, value) {
  try {
    return isInstance(kind, value);
  } catch (error) {
    return false;
  }
}

/* What is known of a thrown value: message, type and the lines of its stack, without the code root replaced. */
function described(thrown, otherwise) {
  if (!is(PlainError, thrown)) {
    const message = thrown === undefined ? '' : told(thrown);
    return { message, type: otherwise, lines: [message ? `${otherwise}: ${message}` : otherwise] };
  }
  const message = told(propertyOf(thrown, 'message'));
  const name = propertyOf(thrown, 'name');
  const type = name ? told(name) : otherwise;
  const stack = propertyOf(thrown, 'stack');
  return { message, type, lines: typeof stack === 'string' ? linesOf(stack) : [`${type}: ${message}`] };
}

function failure(type, message) {
  return { message, type, lines: [`${type}: ${message}`] };
}

/* The lines of a stack: those of the message, then so many frames. */
function linesOf(stack) {
  const lines = [];
  let frames = 0;
  for (let start = 0; start <= stack.length && frames < STACK_LIMIT; ) {
    let end = indexOf(stack, '\n', start);
    if (end < 0) end = stack.length;
    const line = slice(stack, start, end);
    if (frames > 0 || isFrame(line)) frames += 1;
    lines[lines.length] = cut(line);
    start = end + 1;
  }
  return lines;
}

function isFrame(line) {
  return indexOf(line, '    at') >= 0;
}

/* From the first frame to the last one inside the code root, trimmed of everything that is not the user's. */
function userFrames(lines) {
  let first = 0;
  while (first < lines.length && !isFrame(lines[first])) first += 1;
  let last = lines.length - 1;
  while (last >= first && !isBelowRoot(lines[last])) last -= 1;
  const frames = [];
  for (let index = first; index <= last; index += 1) frames[frames.length] = lines[index];
  return frames;
}

/* What is above the frames of a syntax error: the place, the code, and a mark below it. */
function excerpt(lines) {
  let last = lines.length - 1;
  while (last >= 0 && isFrame(lines[last]) && !isBelowRoot(lines[last])) last -= 1;
  const found = [];
  for (let index = 0; index <= last; index += 1) found[found.length] = lines[index];
  return found;
}

/* The one record that goes before an error: its message, then the stack with paths as the platform shows them. */
function recordError(identifier, report, lines) {
  let text = report.message;
  for (let index = 0; index < lines.length; index += 1) text += `\n${lines[index]}`;
  record(identifier, 'ERROR', ['%s', shown(text)]);
}

/* Indented by four spaces, keys in the platform's order (section 3.4); no stack where `frames` is null. */
function errorBody(message, type, frames) {
  let body = `{\n    "errorMessage": ${stringify(shown(message))},\n    "errorType": ${stringify(type)}`;
  if (frames !== null) {
    body += ',\n    "stackTrace": [';
    for (let index = 0; index < frames.length; index += 1) {
      body += `${index ? ',' : ''}\n        ${stringify(shown(trim(frames[index])))}`;
    }
    body += frames.length ? '\n    ]' : ']';
  }
  return `${body}\n}`;
}

/* Sections of an error for people: class, message, lines of the stack. */
function sectionsOf(body, report, lines) {
  const sections = [peak(), newFiles(), body, report.type, report.message];
  for (let index = 0; index < lines.length; index += 1) {
    if (trim(lines[index]) !== '') sections[sections.length] = shown(lines[index]);
  }
  return sections;
}

/* Whether there was no memory for what the user asked for. */
function isOutOfMemory(thrown) {
  const text = /^(?:Array buffer allocation failed$|WebAssembly\.\w{1,20}\(\): (?:could not allocate|Out of) memory)/;
  return is(PlainRangeError, thrown) && exec(text, told(propertyOf(thrown, 'message'))) !== null;
}

/* The answer that says so, after a log record of where, as far as there is memory for that. */
function outOfMemoryAnswer(identifier, thrown) {
  try {
    const report = described(thrown, 'RangeError');
    recordError(identifier, report, firstAnd(report, userFrames(report.lines)));
  } catch (error) {
    // the answer is what matters
  }
  return ['m', [peak()]];
}

// An error ends an event or a start, in one of these ways. Each gives the kind of the answer and its sections.

/* Thrown, or the reason of a rejection. */
function thrownAnswer(kind, prefix, identifier, thrown) {
  if (isOutOfMemory(thrown)) return outOfMemoryAnswer(identifier, thrown);
  const report = described(thrown, 'UserFunctionError');
  const frames = userFrames(report.lines);
  recordError(identifier, report, firstAnd(report, frames));
  return [kind, sectionsOf(errorBody(prefix + report.message, report.type, frames), report, trimmed(frames))];
}

/* Given to the callback: an error has no stack, other values go out nearly as they are (section 3.4). */
function callbackAnswer(kind, prefix, identifier, error) {
  if (is(PlainError, error)) {
    const report = described(error, 'Error');
    const frames = userFrames(report.lines);
    recordError(identifier, report, firstAnd(report, frames));
    return [kind, sectionsOf(errorBody(prefix + report.message, report.type, null), report, trimmed(frames))];
  }
  if (typeof error !== 'object' && error !== undefined) {
    const report = { message: told(error), type: 'Error', lines: [] };
    recordError(identifier, report, []);
    return [kind, sectionsOf(report.message, report, [])];
  }
  const value = error === undefined ? {} : error;
  let message = told(propertyOf(value, 'message'));
  let written = '';
  let body = '';
  try {
    written = stringify(value);
    value.message = prefix + message;
  } catch (reason) {
    // it stays as it is, or cannot be written at all
  }
  try {
    body = `${stringify(value)}`;
  } catch (reason) {
    body = prefix + told(value);
  }
  if (error === undefined) {
    message = 'callback was called without a first argument; null, or any other value that is false, means success';
  }
  const report = { message, type: 'Error', lines: [] };
  recordError(identifier, { message: written || told(value) }, []);
  return [kind, sectionsOf(body, report, [])];
}

const LOADING = { kind: 'f', identifier: 'initializer' };

/* Whatever keeps a module from being loaded; `place` is where a syntax error is, when it does not know itself. */
function loadAnswer(phase, prefix, thrown, place) {
  if (isOutOfMemory(thrown)) return outOfMemoryAnswer(phase.identifier, thrown);
  const report = described(reasonIn(thrown), 'FunctionLoadError');
  if (place !== null) report.lines = place;
  let lines = firstAnd(report, userFrames(report.lines));
  let about = trimmed(userFrames(report.lines));
  if (is(PlainSyntaxError, thrown)) {
    report.message += ` (${shown(report.lines[0])})`;
    lines = excerpt(report.lines);
    about = lines;
  }
  recordError(phase.identifier, report, lines);
  return [phase.kind, sectionsOf(errorBody(prefix + report.message, report.type, null), report, about)];
}

/* The message of a thrown object that has one; while a module is loaded it need not be an error. */
function reasonIn(thrown) {
  const message = is(PlainError, thrown) ? undefined : propertyOf(thrown, 'message');
  return typeof message === 'string' ? message : thrown;
}

/* The module was loaded, and what was looked for in it is not there, or not as it must be. */
function configAnswer(phase, prefix, type, message, hint) {
  const report = failure(type, message);
  recordError(phase.identifier, report, report.lines);
  const body = errorBody(prefix + message, type, null);
  report.message = shown(message) + hint;
  return [phase.kind, sectionsOf(body, report, [])];
}

function firstAnd(report, frames) {
  const lines = [report.lines[0]];
  for (let index = 0; index < frames.length; index += 1) lines[lines.length] = frames[index];
  return lines;
}

function trimmed(lines) {
  const found = [];
  for (let index = 0; index < lines.length; index += 1) found[index] = trim(lines[index]);
  return found;
}

// Which files the code consists of

const files = createObject(null);
let fileCount = 0;
let filesListed = 0;
let modulesSeen = 0;
let newestSeen = '';

/* The user's own files with what tells whether they changed; empty when none joined. */
function newFiles() {
  watchRequired();
  if (fileCount === filesListed) return '';
  filesListed = fileCount;
  const names = keysOf(files);
  let text = '';
  for (let index = 0; index < names.length; index += 1) text += `${index ? '\0' : ''}${files[names[index]]}`;
  return text;
}

function watchRequired() {
  let names = [];
  try {
    names = keysOf(Module._cache);
  } catch (error) {
    return;
  }
  const newest = names.length ? names[names.length - 1] : '';
  if (names.length === modulesSeen && newest === newestSeen) return;
  modulesSeen = names.length;
  newestSeen = newest;
  for (let index = 0; index < names.length; index += 1) watch(names[index]);
}

function watch(name) {
  if (hasOwn(files, name) || name === __filename || fileCount >= FILES_LIMIT) return;
  if (indexOf(name, '/node_modules/') >= 0) return;
  let found = null;
  try {
    found = statSync(name, { bigint: true });
    if (!found.isFile()) return;
  } catch (error) {
    return;
  }
  files[name] = `${found.mtimeNs} ${found.size} ${found.ino} ${name}`;
  fileCount += 1;
  if (found.size <= SCAN_LIMIT) watchImports(name);
}

/*
 * What a file imports by a relative name. Node lists the modules that were required, not those that were imported.
 */
function watchImports(name) {
  if (exec(/\.[cm]?js$/, name) === null) return;
  let source = '';
  try {
    source = readFileSync(name, 'utf8');
  } catch (error) {
    return;
  }
  const imports = /\b(?:from|import)\s{0,20}\(?\s{0,20}(["'`])(\.{1,2}\/[^"'`\n]{1,1000})\1/g;
  for (let found = exec(imports, source); found !== null; found = exec(imports, source)) {
    try {
      watch(fileURLToPath(new Url(found[2], pathToFileURL(name))));
    } catch (error) {
      // no name of a file
    }
  }
}

// Loading

function compiledImport() {
  const helper = new Module(__filename); // the keyword would be a syntax error to an old Node
  helper.filename = __filename;
  helper.paths = [];
  return (address) => {
    helper._compile('module.exports = (address) => import(address);', __filename);
    return helper.exports(address);
  };
}

function start() {
  const { nonce, bytes, end } = receiveNow();
  config = parse(utf8Slice(bytes, HEADER, end));
  send(nonce, 'h', [`node${versions[0]}.${versions[1]}`, String(process.hrtime.bigint())]);
  findRoots();
  replaceStreams();
  process.on('exit', () => flush(ENDS));
  process.on('uncaughtExceptionMonitor', beforeTheEnd);
  if (config.debug_port !== null && !waitForDebugger(nonce)) return;
  load(nonce);
}

function findRoots() {
  const root = config.code_root;
  if (root.length < 2) return;
  let real = root;
  try {
    real = realpathSync(root);
  } catch (error) {
    // the module's absence says it
  }
  for (const each of real === root ? [root] : [real, root]) roots.push(pathToFileURL(each).href, each);
}

/* Say where to attach, and wait until somebody has. */
function waitForDebugger(nonce) {
  const port = config.debug_port;
  let reason = `port ${port} of 127.0.0.1 is taken or not allowed; choose another one, or 0 for any that is free`;
  let inspector = null;
  try {
    inspector = require('inspector');
    if (inspector.url() === undefined) inspector.open(port, '127.0.0.1', false);
  } catch (error) {
    reason = told(propertyOf(error, 'message'));
  }
  const address = inspector === null ? undefined : inspector.url();
  if (address === undefined) {
    notLoaded(nonce, configAnswer(LOADING, '', 'DebuggerError', reason, ''));
    return false;
  }
  send(nonce, 'd', [address.split('/')[2]]);
  inspector.waitForDebugger();
  return true;
}

/* Load the module, with whatever it is written in; `loaded` goes on. */
function load(nonce) {
  const prefix = config.initializer === null ? ENTRY : INITIALIZATION;
  const file = existing(config.file);
  if (file === null) {
    notLoaded(nonce, configAnswer(LOADING, prefix, 'FunctionLoadError', `not found module '${config.file}'`, ''));
    return;
  }
  if (config.debug_port !== null) {
    debugger; // the handler's module is loaded next: step into it below, or set breakpoints in it and go on
  }
  if (isEsModule(file)) {
    watch(file);
    const failed = (error) => {
      notLoaded(nonce, loadAnswer(LOADING, prefix, error, is(PlainSyntaxError, error) ? syntaxChecked() : null));
    };
    then(importModule(pathToFileURL(file).href), (module) => loaded(nonce, file, () => module), failed);
    return;
  }
  let module = null;
  try {
    module = loadModule(file, null, false);
  } catch (error) {
    notLoaded(nonce, loadAnswer(LOADING, prefix, error, null));
    return;
  }
  loaded(nonce, file, required(file, module));
}

/* Gives what a module exports by then: it may replace all of it at any time. */
function required(file, module) {
  let entry = null;
  try {
    entry = Module._cache[realpathSync(file)];
  } catch (error) {
    // it has made itself unfindable
  }
  return entry && entry.exports === module ? () => entry.exports : () => module;
}

/* The file, or what stands in for a `.js` that is missing. */
function existing(file) {
  for (const each of [file, file.replace(/\.js$/, '.mjs'), file.replace(/\.js$/, '.cjs')]) {
    try {
      if (statSync(each).isFile()) return each;
    } catch (error) {
      // the next one
    }
  }
  return null;
}

/*
 * What Node says of the first file it cannot parse, or null. The error of an import does not tell the place; nothing of
 * the user's has run by then.
 */
function syntaxChecked() {
  const { spawnSync } = require('child_process');
  const names = keysOf(files).slice(0, CHECK_LIMIT);
  for (const name of names) {
    const { status, stderr } = spawnSync(process.execPath, ['--check', name], { encoding: 'utf8', timeout: 5000 });
    const lines = linesOf(stderr || '');
    if (status !== 0 && isBelowRoot(lines[0])) return lines.filter((line) => !line.startsWith('Node.js v'));
  }
  return null;
}

/* Whether `file` can only be imported: by its ending, or by the word of the package it belongs to. */
function isEsModule(file) {
  if (/\.[cm]js$/.test(file)) return file.endsWith('.mjs');
  let real = file;
  try {
    real = realpathSync(file);
  } catch (error) {
    // as it is
  }
  for (let folder = path.dirname(real); ; folder = path.dirname(folder)) {
    try {
      return parse(readFileSync(path.join(folder, 'package.json'), 'utf8')).type === 'module';
    } catch (error) {
      if (error.code !== 'ENOENT' || folder === path.dirname(folder)) return false;
    }
  }
}

let modulePath = '';
let exported = null; // gives what the module exports by now

/* Find the functions, run the initializer, and wait for events. */
function loaded(nonce, file, latest) {
  modulePath = file;
  exported = latest;
  try {
    if (config.initializer === null) {
      ready(nonce);
      return;
    }
    const module = exported();
    const initializer = found(module, config.initializer);
    if (!initializer) {
      const message = missing('initializer', config.initializer);
      notLoaded(nonce, configAnswer(LOADING, INITIALIZATION, 'FunctionConfigError', message, othersIn(module)));
    } else if (initializer.length !== 2) {
      const message = miscounted('initializer', '2', initializer);
      notLoaded(nonce, configAnswer(LOADING, INITIALIZATION, 'FunctionConfigError', message, ''));
    } else {
      initialize(nonce, initializer, () => ready(nonce));
    }
  } catch (error) {
    notLoaded(nonce, loadAnswer(LOADING, ENTRY, error, null));
  }
}

function found(module, name) {
  return module === null || module === undefined ? undefined : module[name];
}

function missing(role, name) {
  return `${role} '${name}' not found in module '${modulePath}'`;
}

function miscounted(role, expected, received) {
  return `${role} expect to have ${expected} parameters, but received ${received.length}`;
}

/* A few names that were exported, for a person who misspelt one. */
function othersIn(module) {
  try {
    const names = keysOf(module).filter((name) => typeof module[name] === 'function' && name !== 'default');
    return names.length ? `; it has: ${names.slice(0, 10).join(', ')}` : '';
  } catch (error) {
    return '';
  }
}

function initialize(nonce, initializer, succeeded) {
  send(nonce, 'i', []);
  let isOpen = true;
  const end = (how) => {
    if (!isOpen) return;
    isOpen = false;
    how();
  };
  const thrown = (error) => {
    end(() => notLoaded(nonce, thrownAnswer('f', INITIALIZATION, 'initializer', error)));
  };
  const callback = (error) => {
    if (!error && error !== undefined) end(succeeded);
    else end(() => notLoaded(nonce, callbackAnswer('f', INITIALIZATION, 'initializer', error)));
  };
  try {
    const result = initializer(new Context(''), callback);
    if (isPending(result)) then(resolved(result), () => end(succeeded), thrown);
  } catch (error) {
    thrown(error);
  }
}

function notLoaded(nonce, answer) {
  send(nonce, answer[0], answer[1]);
  exit(0);
}

/*
 * The first event is on its way. Once the loop has turned it is waited for without the loop, and only after its answer
 * is out the line is handed to the loop: that takes two milliseconds, which a single send need not wait for.
 */
function ready(nonce) {
  let problem = null;
  try {
    const module = exported();
    problem = problemOf(LOADING, module, found(module, config.function));
  } catch (error) {
    problem = loadAnswer(LOADING, ENTRY, error, null);
  }
  if (problem !== null) {
    notLoaded(nonce, problem);
  } else {
    send(nonce, 'r', [newFiles()]);
    later(() => receiveThen(listen));
  }
}

/* The answer that says why the handler cannot be called; null when it can. */
function problemOf(phase, module, handler) {
  if (!handler) {
    const message = missing('handler', config.function);
    return configAnswer(phase, ENTRY, 'FunctionConfigError', message, othersIn(module));
  }
  if (handler.length !== 2 && handler.length !== 3) {
    return configAnswer(phase, ENTRY, 'FunctionLoadError', miscounted('handler', '2 or 3', handler), '');
  }
  return null;
}

// Calling

let onAnswered = null;
let pending = null; // an answer that goes out when the loop has turned

/* Call the handler with one event; the answer follows when there is one. */
function take(message) {
  const { nonce, bytes, end } = message;
  const start = HEADER + 1 + bytes[HEADER];
  const id = utf8Slice(bytes, HEADER + 1, start);
  if (id === '') {
    send(nonce, 'o', ['0', '', '']); // it is to end; Node.js functions have nothing to do before (section 2.4)
    return;
  }
  let event = null;
  try {
    event = parse(utf8Slice(bytes, start, end));
  } catch (error) {
    const report = described(error, 'SyntaxError');
    answer(nonce, ['e', sectionsOf(report.message, report, [])]);
    return;
  }
  let handler = null;
  let problem = null;
  const phase = { kind: 'e', identifier: id };
  try { // it is looked up for every event, as it is exported by then
    const module = exported();
    handler = found(module, config.function);
    problem = problemOf(phase, module, handler);
  } catch (error) {
    problem = loadAnswer(phase, ENTRY, error, null);
  }
  if (problem !== null) {
    answer(nonce, problem);
    return;
  }
  let isOpen = true;
  const close = () => {
    const wasOpen = isOpen;
    isOpen = false;
    return wasOpen;
  };
  const callback = (error, data) => {
    if (!close()) return;
    hold(nonce, error || error === undefined ? callbackAnswer('e', ENTRY, id, error) : resultAnswer(id, data));
  };
  const fulfilled = (data) => {
    if (close()) hold(nonce, resultAnswer(id, data));
  };
  const thrown = (error) => {
    if (close()) hold(nonce, thrownAnswer('e', INVOCATION, id, error));
  };
  try {
    const result = handler(event, new Context(id), callback);
    if (isPending(result)) then(resolved(result), fulfilled, thrown);
    else if (isOpen && handler.length === 2) writeLog(encode(`${WAITS}\n`));
  } catch (error) {
    thrown(error);
  }
}

/* Only a promise is waited for; any other value says nothing (section 3.1). */
function isPending(result) {
  return isPromise(result) || is(PlainPromise, result) || is(globalThis.Promise, result);
}

/* The body of a result (section 3.2), or why the platform takes none (3.4). */
function resultAnswer(identifier, data) {
  let body = '';
  try {
    body = bodyOf(data);
  } catch (error) {
    if (isOutOfMemory(error)) return outOfMemoryAnswer(identifier, error);
    const report = described(error, 'Error');
    const text = INVALID + report.message;
    const refusal = is(PlainError, error) ? errorBody(text, report.type, null) : report.message;
    return ['x', [peak(), newFiles(), refusal, shown(text)]];
  }
  if (body.length * 3 > RESULT_LIMIT) {
    body = encode(body);
    if (body.length > RESULT_LIMIT) {
      const text = `response body size ${body.length} exceeds the limit of ${RESULT_LIMIT}`;
      return ['x', [peak(), newFiles(), text, text]];
    }
  }
  return ['o', [peak(), newFiles(), body]];
}

function bodyOf(data) {
  if (data === undefined) return '';
  if (typeof data !== 'object') return textOf(data);
  const text = stringify(data);
  if (text === undefined) throw new PlainTypeError('the result has no JSON form: its toJSON gives undefined');
  return text;
}

/* `parts` are the kind and the sections of an answer. */
function answer(nonce, parts) {
  send(nonce, parts[0], parts[1]);
  if (onAnswered !== null) {
    const go = onAnswered;
    onAnswered = null;
    go();
  } else if (mend !== null && !events.isIntact()) {
    mend();
  }
}

/*
 * Answer once the loop has turned. What ends the process before that, such as a promise that was rejected and nobody
 * waits for, does not keep the answer back; but then it says that this instance takes no more events.
 */
function hold(nonce, parts) {
  pending = { nonce, parts };
  later(flushAsItIs);
}

function flushAsItIs() {
  flush(null);
}

function flush(ends) {
  if (pending === null) return;
  const { nonce, parts } = pending;
  pending = null;
  if (ends !== null && parts[1].length > 1) parts[1][1] = ends;
  answer(nonce, parts);
}

/* Nobody catches this error, and Node is about to end the process; it would say so after the answer, unheard. */
function beforeTheEnd(error) {
  if (pending === null || listenerCount('uncaughtException') > 0 || hasCapture()) return;
  let text = '';
  try {
    text = inspect(error);
  } catch (reason) {
    text = told(error);
  }
  writeLog(encode(`Uncaught, after the handler had answered: ${cut(text)}\n`));
  flush(ENDS);
  exit(1);
}

start();
