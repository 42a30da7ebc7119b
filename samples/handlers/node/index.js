'use strict';
/*
 * A FunctionGraph handler to try things with: a small API behind API Gateway that greets people. Copy it as a start.
 *
 *   GET  /hello?name=Ada                 200 {"greeting": "Hello, Ada!"}
 *   POST /hello {"name": "Ada"}          201, the same
 *   anything that is not as it must be   400 with every problem found, 405 for another method
 *
 * Events of other triggers are answered with a summary. Handler `index.handler`, initializer `index.initializer`; the
 * variable GREETING replaces "Hello". It needs nothing but Node.js 18 or later.
 */

const LONGEST_NAME = 40;

let greeting = 'Hello';

/* Runs once for each instance, before the first event: the place for clients and configuration. */
exports.initializer = (context, callback) => {
  greeting = context.getUserData('GREETING') || greeting;
  context.getLogger().info('%s greets with "%s"', context.getFunctionName(), greeting);
  callback(null, '');
};

/* Takes any trigger's event; what the promise gives becomes the answer. */
exports.handler = async (event, context) => {
  const logger = context.getLogger();
  if (!isRequest(event)) {
    logger.info('an event of another trigger');
    return summary(event);
  }
  const method = event.httpMethod ?? 'GET';
  logger.info('%s %s', method, event.path ?? '/');
  try {
    const { status, name } = read(method, event);
    return answer(status, { greeting: `${greeting}, ${name}!` });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error; // a mistake of this code: the caller gets an error of the platform
    logger.warn('refused: %s', error.problems.join('; '));
    return answer(error.status, { problems: error.problems }, error.headers);
  }
};

/* A request that cannot be served, and why. */
class Refusal extends Error {
  constructor(status, problems, headers = {}) {
    super(problems.join('; '));
    this.status = status;
    this.problems = problems;
    this.headers = headers;
  }
}

/* What is asked for. Never trust what comes from outside: every member may be missing or of another type. */
function read(method, event) {
  if (method === 'GET') return { status: 200, name: checked(event.queryStringParameters ?? {}) };
  if (method === 'POST') return { status: 201, name: checked(bodyOf(event)) };
  throw new Refusal(405, [`${method} is not allowed`], { Allow: 'GET, POST' });
}

function checked(given) {
  const problems = [];
  const name = given.name ?? 'world';
  if (typeof name !== 'string') problems.push('name must be a text');
  else if (!name.trim()) problems.push('name must not be empty');
  else if (name.length > LONGEST_NAME) problems.push(`name must not be longer than ${LONGEST_NAME} characters`);
  for (const other of Object.keys(given)) if (other !== 'name') problems.push(`there is no parameter ${other}`);
  if (problems.length) throw new Refusal(400, problems);
  return name.trim();
}

/* The JSON object in the body, which API Gateway encodes in base64 unless it is told not to. */
function bodyOf(event) {
  const text = event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString() : event.body ?? '';
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Refusal(400, [`the body is not JSON: ${error.message}`]);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal(400, ['the body must be a JSON object']);
  }
  return value;
}

/* API Gateway needs this form: a number, texts, and a body that is a text. */
function answer(statusCode, content, headers = {}) {
  return {
    statusCode,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(content),
    isBase64Encoded: false,
  };
}

function isRequest(event) {
  const isObject = (value) => typeof value === 'object' && value !== null;
  return isObject(event) && ('httpMethod' in event || (isObject(event.headers) && 'queryStringParameters' in event));
}

/* The members of an event with their types; of lists, how long they are. */
function summary(event) {
  if (typeof event !== 'object' || event === null) return { received: event === null ? 'null' : typeof event };
  const typeOf = (value) => {
    if (Array.isArray(value)) return `list of ${value.length}`;
    return value === null ? 'null' : typeof value;
  };
  return { keys: Object.fromEntries(Object.entries(event).map(([key, value]) => [key, typeOf(value)])) };
}
