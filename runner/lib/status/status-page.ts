import { createHash } from 'node:crypto';

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 70rem; margin: 0 auto; padding: 1rem; }
table { border-collapse: collapse; width: 100%; margin-bottom: 2rem; }
caption { text-align: left; font-weight: bold; font-size: 1.2rem; padding: .5rem 0; }
th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #8886; }
td { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
#state { min-height: 1.5em; }
`;

const script = `
const byId = (id) => document.getElementById(id);
let key = '';
let timer;

function cell(text) {
  const element = document.createElement('td');
  element.textContent = text;
  return element;
}

function fill(id, rows, none) {
  const table = byId(id);
  const lines = rows.map((texts) => {
    const line = document.createElement('tr');
    line.append(...texts.map(cell));
    return line;
  });
  if (lines.length === 0) {
    const only = cell(none);
    only.colSpan = table.tHead.rows[0].cells.length;
    const line = document.createElement('tr');
    line.append(only);
    lines.push(line);
  }
  table.tBodies[0].replaceChildren(...lines);
}

// Said only when it changes: a live region that repeats itself is read out again and again.
function say(text) {
  if (byId('state').textContent !== text) byId('state').textContent = text;
}

function show(status) {
  byId('runner').textContent = 'Runner ' + status.version + ', engine ' + status.engine;
  const boxes = status.boxes.map((box) => [box.box_id, box.name ?? '', box.status, box.image, box.created_at]);
  const executions = status.executions.map((execution) => [
    execution.execution_id,
    execution.box_id,
    execution.started_at,
    execution.attached ? 'yes' : 'no',
    String(execution.unconfirmed_bytes),
  ]);
  fill('boxes', boxes, 'No boxes.');
  fill('executions', executions, 'Nothing runs.');
  const counts = 'Boxes: ' + boxes.length + '. Running executions: ' + executions.length + '.';
  say(status.draining ? 'The runner is shutting down.' : counts);
}

async function refresh() {
  clearTimeout(timer);
  try {
    const headers = key ? { authorization: 'Bearer ' + key } : {};
    const answer = await fetch('status.json', { cache: 'no-store', headers });
    byId('login').hidden = answer.status !== 401;
    if (answer.status === 401) return say(key ? 'This key is not valid.' : 'An API key is needed.');
    if (!answer.ok) throw new Error('HTTP ' + answer.status);
    show(await answer.json());
  } catch (error) {
    say('The runner does not answer: ' + error.message);
  }
  timer = setTimeout(refresh, 2000);
}

byId('login').addEventListener('submit', (event) => {
  event.preventDefault();
  key = byId('key').value;
  refresh();
});
refresh();
`;

const heads = (...names: string[]): string => names.map((name) => `<th scope="col">${name}</th>`).join('');

/** The status view: one page, which asks for its figures itself and has none in it. */
export const statusPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>BoxLite runner</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main>
<h1>BoxLite runner</h1>
<p id="runner"></p>
<p id="state" role="status" aria-live="polite">Loading…</p>
<noscript><p>This page needs JavaScript; the same figures are at /status.json.</p></noscript>
<form id="login" hidden>
<label for="key">API key</label>
<input id="key" type="password" autocomplete="off" required>
<button type="submit">Show</button>
</form>
<table id="boxes">
<caption>Boxes</caption>
<thead><tr>${heads('Id', 'Name', 'Status', 'Image', 'Created')}</tr></thead>
<tbody></tbody>
</table>
<table id="executions">
<caption>Running executions</caption>
<thead><tr>${heads('Id', 'Box', 'Started', 'Attached', 'Unconfirmed bytes')}</tr></thead>
<tbody></tbody>
</table>
</main>
<script>${script}</script>
</body>
</html>
`;

/** Lets the page run its own script and style, ask its own server, and nothing else. */
export const statusPagePolicy = [
  "default-src 'none'",
  `script-src '${hash(script)}'`,
  `style-src '${hash(style)}'`,
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
