// Deadlines keep saying the truth: "in 8 min" becomes "overdue 1 min" without asking the server. Words come with the page in its language.
const SOON = 30;
const words = document.getElementById("words").dataset;
// Our clock against the reader's: the demo runs ahead, and many desks' clocks are wrong.
const ahead = Number(document.body.dataset.now) * 1000 - performance.timeOrigin;
const fill = (template, n) => template.replace("{n}", n);

function overdue(minutes) {
  if (minutes < 120) return fill(words.min, minutes);
  return minutes < 48 * 60 ? fill(words.hours, Math.floor(minutes / 60)) : fill(words.days, Math.floor(minutes / 1440));
}

function say(pill, text, tone) {
  const label = pill.querySelector("span");
  if (label.textContent !== text) label.textContent = text;
  if (pill.classList.contains(tone)) return false;
  pill.classList.remove("grey", "amber", "red");
  pill.classList.add(tone);
  return tone === "red";
}

function tick() {
  const now = Date.now() + ahead;
  let crossed = false;
  for (const pill of document.querySelectorAll("[data-due]")) {
    const left = Number(pill.dataset.due) * 1000 - now;
    const minutes = Math.floor(Math.abs(left) / 60_000);
    if (left < 0) crossed = say(pill, overdue(minutes), "red") || crossed;
    else if (minutes <= SOON) say(pill, fill(words.in, minutes), "amber");
  }
  const clock = document.querySelector("[data-clock]");
  if (clock) clock.textContent = hourOf(now);
  // A deadline has passed: counts and order of the lists follow.
  if (crossed) document.body.dispatchEvent(new CustomEvent("medet:change", { detail: { kinds: ["due"] } }));
}

function hourOf(epochMs) {
  const [, sign, hours, minutes] = /([+-])(\d\d)(\d\d)/.exec(document.body.dataset.utcOffset);
  const shift = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  return new Date(epochMs + shift).toISOString().slice(11, 16);
}

setInterval(tick, 5_000);
tick();
