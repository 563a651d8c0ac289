// A shared telephone: the server ends a session that nobody touches, and this page goes with it, so that nothing stays readable.
// A touch is told to the server now and then: whoever fills in a form for ten minutes is there all the time.
const TELL = 15_000;
const WARN = 30_000;
const lasts = Number(document.body.dataset.lock) * 1000;
const form = document.getElementById("lock-now");
const tabs = new BroadcastChannel("medet.touched");
let told = Date.now();
let warned = false;
let locking = false;

function lock() {
  if (locking) return;
  locking = true;
  document.body.hidden = true;
  form.elements.next.value = location.pathname + location.search;
  form.submit();
}

async function tell() {
  touchedAt(Date.now());
  tabs.postMessage(told);
  const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  try {
    const answer = await fetch(form.dataset.here, { method: "POST", headers, redirect: "manual" });
    if (answer.status !== 204) lock();
  } catch {
    // No connection: the server does not know, and will ask for the PIN when it is back.
  }
}

function touchedAt(moment) {
  told = Math.max(told, moment);
  if (warned) document.getElementById("toasts").replaceChildren();
  warned = false;
}

function warn() {
  warned = true;
  const box = document.createElement("p");
  box.className = "card";
  box.textContent = document.body.dataset.lockWords;
  document.getElementById("toasts").replaceChildren(box);
}

// Also when the telephone wakes up: clocks of sleeping pages stand still, and the first touch must not open what is over.
function look() {
  const left = told + lasts - Date.now();
  if (left <= 0) lock();
  else if (left <= WARN && !warned) warn();
  return left > 0;
}

for (const kind of ["pointerdown", "keydown", "input"]) {
  addEventListener(kind, () => { if (look() && (warned || Date.now() - told >= TELL)) tell(); }, { capture: true, passive: true });
}
tabs.addEventListener("message", ({ data }) => touchedAt(data));
document.addEventListener("visibilitychange", look);
// A page that comes back from the browser's memory may be one of before the lock.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
setInterval(look, 1_000);
