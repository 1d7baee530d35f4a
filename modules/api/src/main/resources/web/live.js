'use strict';

/* The live page: reads the stream of /api/v1/live and keeps four tables in step with it. */

const KEY = 'carillon.key';
const LANGUAGE = 'carillon.language';
const MOST_CALLS = 200;
const LONG_WAIT_MS = 60_000;
const SILENCE_MS = 10_000;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 10_000;

const byId = (id) => document.getElementById(id);

/* ---- What is known ---- */

const known = { agents: new Map(), queues: new Map(), calls: new Map(), boxes: new Map() };
let reasons = new Map(); // the operator's list of reasons not to be ready, by code
let words = WORDS.en;
let serverAhead = 0; // the server's clock minus ours, ms
let heardAt = null; // by our clock
let link = 'connecting';
let drawing = false;

const now = () => Date.now() + serverAhead;

function take(event, data) {
  heardAt = Date.now();
  serverAhead = Date.parse(data.at) - heardAt;
  if (event === 'picture') {
    for (const kind of Object.keys(known)) known[kind] = new Map(data[kind].map((entity) => [entity.id, entity]));
    reasons = new Map(data.notReadyReasons.map((reason) => [reason.code, reason.settings]));
  } else if (event === 'changes') {
    for (const kind of Object.keys(known)) for (const entity of data[kind]) known[kind].set(entity.id, entity);
    for (const id of data.endedCallIds) known.calls.delete(id);
    for (const [id, queue] of known.queues) if (!queue.settings && queue.waiting === 0) known.queues.delete(id);
    for (const [id, agent] of known.agents) if (!agent.settings && agent.state === 'logged-out') known.agents.delete(id);
    for (const [id, box] of known.boxes) if (!box.settings && box.calls === 0) known.boxes.delete(id);
  }
  setLink('live');
  if (event !== 'tick') draw();
}

/* ---- The connection ---- */

let attempt = null;
let retryMs = FIRST_RETRY_MS;

async function listen() {
  const controller = new AbortController();
  attempt = controller;
  const watch = setInterval(() => {
    if (Date.now() - Math.max(heardAt ?? 0, started) > SILENCE_MS) controller.abort();
  }, 1_000);
  const started = Date.now();
  try {
    const key = sessionStorage.getItem(KEY);
    const response = await fetch('api/v1/live', {
      headers: { Accept: 'text/event-stream', ...(key ? { Authorization: `Bearer ${key}` } : {}) },
      cache: 'no-store',
      signal: controller.signal,
    });
    if (response.status === 401) {
      askForKey(key !== null);
      return;
    }
    if (!response.ok) throw new Error(`status ${response.status}`);
    byId('forget').hidden = key === null;
    retryMs = FIRST_RETRY_MS;
    await readEvents(response.body, take);
  } catch {
    // Whatever it was, the answer is the same: say so, and connect again.
  } finally {
    clearInterval(watch);
  }
  if (attempt !== controller) return;
  setLink('lost');
  setTimeout(listen, retryMs);
  retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
}

/* Server-sent events, as far as the API uses them: fields event and data, an empty line between two events. */
async function readEvents(body, receive) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let event = 'message';
  let data = [];
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + value).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) receive(event, JSON.parse(data.join('\n')));
        event = 'message';
        data = [];
      } else if (line.startsWith('event:')) {
        event = line.slice('event:'.length).trim();
      } else if (line.startsWith('data:')) {
        data.push(line.slice('data:'.length));
      }
    }
  }
}

function askForKey(wasWrong) {
  attempt = null;
  sessionStorage.removeItem(KEY);
  setLink('locked');
  byId('forget').hidden = true;
  byId('key-form').hidden = false;
  byId('key-wrong').hidden = !wasWrong;
  byId('key').value = '';
  byId('key').focus();
}

byId('key-form').addEventListener('submit', (submit) => {
  submit.preventDefault();
  sessionStorage.setItem(KEY, byId('key').value.trim());
  byId('key-form').hidden = true;
  setLink('connecting');
  listen();
});

byId('forget').addEventListener('click', () => {
  const current = attempt;
  askForKey(false);
  current?.abort();
});

function setLink(state) {
  link = state;
  byId('link').hidden = state === 'locked';
  byId('link').dataset.state = state;
  byId('link-text').textContent = words[state] ?? '';
  const banner = byId('banner');
  banner.hidden = state !== 'lost';
  if (state === 'lost') {
    banner.textContent = words.banner(heardAt && new Date(heardAt).toLocaleTimeString(document.documentElement.lang));
  }
  byId('figures').classList.toggle('stale', state !== 'live');
  if (state === 'live') byId('figures').hidden = false;
  if (state === 'locked') byId('figures').hidden = true;
}

/* ---- Drawing ---- */

function draw() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    drawTiles();
    drawQueues();
    drawAgents();
    drawCalls();
    drawBoxes();
    tick();
  });
}

const nameOf = (entity, id) => entity?.settings?.name ?? id;

/* The queue of one agent alone, which nobody has set up. */
const OWN = 'agent/';
const isOwn = (queueId) => queueId.startsWith(OWN);
const agentOf = (queueId) => queueId.slice(OWN.length);
function queueName(id) {
  if (!id) return '';
  return isOwn(id) ? words.queueOf(nameOf(known.agents.get(agentOf(id)), agentOf(id))) : nameOf(known.queues.get(id), id);
}

const byName = (one, other) =>
  nameOf(one, one.id).localeCompare(nameOf(other, other.id), document.documentElement.lang) || one.id.localeCompare(other.id);

function drawTiles() {
  const calls = [...known.calls.values()];
  const waits = calls.filter((call) => call.state !== 'talking').map((call) => call.arrivedAt).sort();
  const agents = [...known.agents.values()];
  const loggedIn = agents.filter((agent) => agent.state !== 'logged-out').length;
  const ready = agents.filter((agent) => agent.state === 'ready' && !agent.restingUntil).length;
  const boxes = [...known.boxes.values()];
  const up = boxes.filter((box) => box.state === 'up').length;
  tile('waiting', String(waits.length));
  tile('talking', String(calls.length - waits.length));
  tile('ready', words.of(ready, loggedIn));
  tile('boxes', words.of(up, boxes.length), up < boxes.length);
  const longest = byId('tile-longest').querySelector('dd');
  longest.dataset.since = waits[0] ?? '';
  longest.dataset.long = LONG_WAIT_MS;
  if (waits.length === 0) longest.textContent = '–';
  document.title = `${waits.length > 0 ? `(${waits.length}) ` : ''}${words.title} · Carillon`;
}

function tile(name, text, alert = false) {
  const place = byId(`tile-${name}`);
  place.querySelector('dd').textContent = text;
  place.classList.toggle('alert', alert);
}

function drawQueues() {
  const rows = [...known.queues.values()].sort(byName).map((queue) => ({
    key: queue.id,
    cells: [
      { label: 'queue', head: true, text: queueName(queue.id), small: queue.settings || isOwn(queue.id) ? '' : words.deleted },
      { label: 'waiting', number: true, text: String(queue.waiting) },
      { label: 'longestWait', number: true, since: queue.longestWaitSince, long: true, text: '–' },
      {
        label: 'ready', number: true, text: String(queue.agentsReady),
        small: queue.agentsBorrowed > 0 ? words.borrowed(queue.agentsBorrowed) : '',
      },
      {
        label: 'loggedIn', number: true, text: String(queue.agentsLoggedIn),
        small: queue.agentsLent > 0 ? words.lent(queue.agentsLent) : '',
      },
    ],
  }));
  table('queues', ['queue', 'waiting', 'longestWait', 'ready', 'loggedIn'], rows, rows.length);
}

const AGENT_TONES = {
  'logged-out': 'idle', 'not-ready': 'bad', ready: 'good', reserved: 'ring', ringing: 'ring', talking: 'busy', 'wrap-up': 'after',
};

function drawAgents() {
  const out = (agent) => (agent.state === 'logged-out' ? 1 : 0);
  const agents = [...known.agents.values()].sort((one, other) => out(one) - out(other) || byName(one, other));
  const rows = agents.map((agent) => {
    const call = known.calls.get(agent.callId);
    return {
      key: agent.id,
      cells: [
        { label: 'agent', head: true, text: nameOf(agent, agent.id), small: agent.settings ? '' : words.deleted },
        {
          label: 'state',
          tone: AGENT_TONES[agent.state],
          text: words.agentStates[agent.state] ?? agent.state,
          small: [reasonOf(agent.state === 'not-ready' ? agent.reason : ''), backOf(agent), restOf(agent), wrapUpOf(agent), nextOf(agent)]
            .filter(Boolean).join(' · '),
        },
        { label: 'lasts', number: true, since: out(agent) ? '' : agent.since, long: allowed(agent), text: '' },
        { label: 'seat', text: agent.seatId ?? '' },
        { label: 'with', text: call ? callerOf(call) : '', small: call ? queueName(call.queueId) : '' },
      ],
    };
  });
  table('agents', ['agent', 'state', 'lasts', 'seat', 'with'], rows, rows.length);
}

/* The standard list speaks the reader's language, until the operator gives one of it another name. */
function reasonOf(code) {
  const own = reasons.get(code)?.name;
  return own && own !== WORDS.en.reasons[code] ? own : words.reasons[code] ?? code ?? '';
}

const clock = (instant) => new Date(instant).toLocaleTimeString(document.documentElement.lang);
const backOf = (agent) => (agent.readyAt ? words.backAt(clock(agent.readyAt)) : '');

const restOf = (agent) => (agent.restingUntil ? words.restsUntil(clock(agent.restingUntil)) : '');

/* Until when, or which word is still missing. Whatever is overdue is seen by the colour of the state's duration, see drawAgents. */
function wrapUpOf(agent) {
  if (agent.state !== 'wrap-up') return '';
  if (agent.wrapUpCode) return agent.wrapUpCode;
  return agent.wrapUpMode === 'mandatory' ? words.codeMissing : words.until(clock(agent.wrapUpUntil));
}

/* A mandatory wrap-up that lasts longer than it should. */
const allowed = (agent) =>
  agent.wrapUpMode === 'mandatory' ? Date.parse(agent.wrapUpUntil) - Date.parse(agent.since) : undefined;

function nextOf(agent) {
  if (!agent.nextState) return '';
  const state = words.agentStates[agent.nextState];
  return words.then(agent.nextReason ? `${state} (${reasonOf(agent.nextReason)})` : state);
}

const callerOf = (call) => call.callerNumber ?? words.withheld;

const CALL_TONES = { waiting: 'wait', ringing: 'ring', talking: 'busy', leaving: 'after', ended: 'idle' };
const CALL_ORDER = { waiting: 0, ringing: 0, talking: 1, leaving: 1, ended: 2 };

function drawCalls() {
  const calls = [...known.calls.values()].sort((one, other) =>
    CALL_ORDER[one.state] - CALL_ORDER[other.state]
    || other.priority - one.priority
    || one.arrivedAt.localeCompare(other.arrivedAt));
  const rows = calls.slice(0, MOST_CALLS).map((call) => ({
    key: call.id,
    cells: [
      { label: 'caller', head: true, text: callerOf(call) },
      { label: 'queue', text: queueName(call.queueId) },
      { label: 'state', tone: CALL_TONES[call.state], text: words.callStates[call.state] ?? call.state },
      { label: 'lasts', number: true, since: call.since, long: call.state === 'waiting', text: '' },
      { label: 'agent', text: call.agentId ? nameOf(known.agents.get(call.agentId), call.agentId) : '' },
      { label: 'since', number: true, since: call.arrivedAt, text: '' },
    ],
  }));
  table('calls', ['caller', 'queue', 'state', 'lasts', 'agent', 'since'], rows, calls.length);
}

/* The words follow from the code, so they are in the reader's language; the detail is the node's own, in English. */
function troubleOf(box) {
  if (!box.code) return { text: '' };
  return { text: words.boxTroubles[box.code] ?? box.code, small: box.detail ? words.boxDetail(box.detail) : '' };
}

const BOX_TONES = { connecting: 'ring', reconciling: 'ring', up: 'good', lost: 'bad' };

function drawBoxes() {
  const rows = [...known.boxes.values()].sort(byName).map((box) => ({
    key: box.id,
    cells: [
      { label: 'box', head: true, text: box.id, small: box.settings ? box.settings.address : words.deleted },
      {
        label: 'state',
        tone: BOX_TONES[box.state],
        text: words.boxStates[box.state] ?? box.state,
        small: box.version ?? '',
      },
      { label: 'lasts', number: true, since: box.since ?? '', text: '' },
      { label: 'boxCalls', number: true, text: String(box.calls) },
      { label: 'problem', ...troubleOf(box) },
    ],
  }));
  table('boxes', ['box', 'state', 'lasts', 'boxCalls', 'problem'], rows, rows.length);
}

const NUMBER_COLUMNS = new Set(['waiting', 'longestWait', 'ready', 'loggedIn', 'lasts', 'since', 'boxCalls']);

/* Keeps the rows that are there, so that nothing flickers and a selection stays. */
function table(id, columns, rows, count) {
  const place = byId(id);
  if (place.dataset.language !== words.otherLanguageTag) {
    place.dataset.language = words.otherLanguageTag;
    place.replaceChildren();
    const head = element('thead', 'rowgroup');
    const line = head.appendChild(element('tr', 'row'));
    for (const column of columns) {
      const cell = line.appendChild(element('th', 'columnheader'));
      cell.scope = 'col';
      cell.textContent = words[column];
      cell.className = NUMBER_COLUMNS.has(column) ? 'number' : '';
    }
    place.append(head, element('tbody', 'rowgroup'));
  }
  const body = place.tBodies[0];
  const there = new Map([...body.rows].map((row) => [row.dataset.key, row]));
  let before = body.firstElementChild;
  for (const { key, cells } of rows) {
    const row = there.get(key) ?? newRow(key, cells);
    there.delete(key);
    if (row === before) before = before.nextElementSibling;
    else body.insertBefore(row, before);
    cells.forEach((cell, index) => fill(row.cells[index], cell));
  }
  for (const row of there.values()) row.remove();
  place.hidden = rows.length === 0;
  const section = place.closest('section');
  section.querySelector('.empty').hidden = rows.length > 0;
  heading(section, count, rows.length);
}

function heading(section, count, shown) {
  const title = section.querySelector('h2');
  let badge = title.querySelector('.count');
  if (!badge) {
    badge = document.createElement('span');
    badge.className = 'count';
    title.append(badge);
  }
  badge.textContent = String(count);
  let more = section.querySelector('.more');
  if (!more) {
    more = document.createElement('p');
    more.className = 'more';
    section.append(more);
  }
  more.hidden = shown >= count;
  more.textContent = words.more(count - shown);
}

function newRow(key, cells) {
  const row = element('tr', 'row');
  row.dataset.key = key;
  for (const cell of cells) {
    const place = row.appendChild(element(cell.head ? 'th' : 'td', cell.head ? 'rowheader' : 'cell'));
    if (cell.head) place.scope = 'row';
    place.append(document.createElement('span'));
    const small = document.createElement('span');
    small.className = 'small';
    const inner = document.createElement('div');
    inner.append(place.firstChild, small);
    place.append(inner);
  }
  return row;
}

function fill(place, cell) {
  place.dataset.label = words[cell.label];
  const [main, small] = place.firstChild.children;
  if (cell.since) {
    main.dataset.since = cell.since;
    if (cell.long !== undefined && cell.long !== false) main.dataset.long = cell.long === true ? LONG_WAIT_MS : cell.long;
    else {
      delete main.dataset.long;
      main.classList.remove('long');
    }
  } else {
    delete main.dataset.since;
    main.classList.remove('long');
    write(main, cell.text);
  }
  const tone = cell.tone ? `state ${cell.tone}` : main.classList.contains('long') ? 'long' : '';
  if (main.className !== tone) main.className = tone;
  write(small, cell.small ?? '');
  small.hidden = !cell.small;
  place.className = [cell.number ? 'number' : '', cell.since || cell.text ? '' : 'blank'].filter(Boolean).join(' ');
}

function write(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

function element(name, role) {
  const made = document.createElement(name);
  made.setAttribute('role', role);
  return made;
}

/* ---- Time ---- */

function tick() {
  for (const place of document.querySelectorAll('[data-since]')) {
    if (!place.dataset.since) continue;
    const elapsed = Math.max(0, now() - Date.parse(place.dataset.since));
    write(place, duration(elapsed));
    if (place.dataset.long) place.classList.toggle('long', elapsed >= Number(place.dataset.long));
  }
}

function duration(ms) {
  const seconds = Math.floor(ms / 1000);
  const two = (value) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  if (hours >= 48) return `${Math.floor(hours / 24)} d`;
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

setInterval(() => {
  if (link === 'live') tick();
}, 500);

/* ---- Language ---- */

function speak(language) {
  words = WORDS[language];
  document.documentElement.lang = language;
  for (const place of document.querySelectorAll('[data-word]')) {
    const count = place.querySelector('.count');
    place.textContent = words[place.dataset.word];
    if (count) place.append(count);
  }
  byId('language').textContent = words.otherLanguage;
  byId('language').lang = words.otherLanguageTag;
  setLink(link);
  if (heardAt) draw();
}

byId('language').addEventListener('click', () => {
  localStorage.setItem(LANGUAGE, words.otherLanguageTag);
  speak(words.otherLanguageTag);
});

const preferred = localStorage.getItem(LANGUAGE) ?? (navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en');
speak(preferred in WORDS ? preferred : 'en');
listen();
