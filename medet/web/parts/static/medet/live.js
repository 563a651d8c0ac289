// Hears of changes from the push process and tells the page: `medet:<kind>` and `medet:change` on <body>, which htmx parts wait for.
// A message holds ids only; the page asks for what it may see. Without the stream it asks every 15 seconds.
const GAP = 150;
const POLL = 15_000;
const QUIET = 3_000;
const address = document.body.dataset.live;
const state = document.getElementById("live-state");
const lost = document.getElementById("live-lost");

let waiting = new Map();
let timer;
let heard = Date.now();
let wait = 500;
let polling;
let alarm;

// Leading silence, then one event for everything that came in it: a burst of twenty calls is one refresh.
function tell(kind, uid) {
  waiting.set(kind, [...(waiting.get(kind) ?? []), uid]);
  timer ??= setTimeout(flush, GAP);
}

function flush() {
  timer = undefined;
  if (leaving) return;
  const batch = waiting;
  waiting = new Map();
  for (const [kind, uids] of batch) dispatch(`medet:${kind}`, { kind, uids });
  if (!batch.has("change")) dispatch("medet:change", { kinds: [...batch.keys()] });
}

const dispatch = (name, detail) => document.body.dispatchEvent(new CustomEvent(name, { detail }));

// HH:MM of our clock and our time zone, made without Intl (Chromium's Kazakh is wrong).
function clockOf(epochMs) {
  const { now, utcOffset } = document.body.dataset;
  const ahead = Number(now) * 1000 - performance.timeOrigin;
  const [, sign, hours, minutes] = /([+-])(\d\d)(\d\d)/.exec(/^[+-]\d{4}$/.test(utcOffset) ? utcOffset : "+0000");
  const shift = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  return new Date(epochMs + ahead + shift).toISOString().slice(11, 16);
}

function show(on) {
  state.hidden = false;
  state.classList.toggle("live-on", on);
  state.querySelector("span").textContent = on ? state.dataset.on : state.dataset.off;
  if (on) {
    clearTimeout(alarm);
    alarm = undefined;
    lost.hidden = true;
  } else {
    alarm ??= setTimeout(() => {
      lost.querySelector("span").textContent = lost.dataset.words.replace("{time}", clockOf(heard));
      lost.hidden = false;
    }, QUIET);
  }
}

function poll(on) {
  clearInterval(polling);
  polling = on ? setInterval(() => tell("change"), POLL) : undefined;
}

let leaving = false;
// Whoever signs out has no list any more: what a change of this moment would ask for is refused.
document.addEventListener("submit", (event) => { leaving ||= event.target.matches("[action*=sign-out]"); });

function listen() {
  const stream = new EventSource(address, { withCredentials: true });
  stream.onopen = () => {
    const again = wait > 500 || polling !== undefined;
    wait = 500;
    heard = Date.now();
    poll(false);
    show(true);
    // What happened while nobody listened is asked for once.
    if (again) tell("change");
  };
  stream.onmessage = (message) => {
    heard = Date.now();
    const { kind, uid } = JSON.parse(message.data);
    tell(kind, uid);
  };
  stream.onerror = () => {
    stream.close();
    show(false);
    if (polling === undefined) poll(true);
    setTimeout(listen, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, 30_000);
  };
}

// What is fetched while nobody can see it (another tab, a locked screen, a list that a telephone hides beside an opened page) is shown
// to nobody: the server is told so, and the page asks again once somebody looks.
let unseen = false;
document.body.addEventListener("htmx:configRequest", ({ detail }) => {
  if (!document.hidden && detail.elt.getClientRects().length > 0) return;
  detail.headers["Medet-Unseen"] = "1";
  unseen ||= document.hidden;
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden || !unseen) return;
  unseen = false;
  tell("change");
});

if (address) listen();
// A part that was fetched all the same is fresh data: the hour in the banner follows it.
document.body.addEventListener("htmx:afterSwap", () => { heard = Date.now(); });
addEventListener("pagehide", () => clearTimeout(alarm));
