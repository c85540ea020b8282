// The values of charts, under the pointer or walked through with keys. It comes first in the script of the pages.
"use strict";

// Values under the pointer, or walked through with the arrow keys while a chart has the focus.
const seen = (frame) => [...frame.querySelectorAll(".hits")].find((hits) => hits.getBoundingClientRect().width > 0);

const read = (hits) => ({
  x: hits.dataset.x.split(" ").map(Number),
  labels: hits.dataset.label.split("|"),
  series: hits.dataset.series.split("|"),
  values: hits.dataset.values.split("|").map((list) => list.split(" ")),
});

// A place leads to the issues behind it, where the chart says how.
const follow = (frame) => {
  const hits = seen(frame);
  const part = hits?.dataset.to?.split("|")[frame.dataset.at];
  if (part) location.assign(hits.dataset.link.replace("{}", part));
};

// How far the nearest value of a place is above or below the pointer, where places lie over each other.
const height = (hits, values, at, y) => {
  if (!hits.dataset.range) return 0;
  const [low, high] = hits.dataset.range.split(" ").map(Number);
  const box = hits.getBoundingClientRect();
  const of = (list) => (list[at] === "-" ? Infinity : Math.abs(box.bottom - ((list[at] - low) / (high - low)) * box.height - y));
  return Math.min(...values.map(of));
};

const show = (frame, hits, at) => {
  const { x, labels, series, values } = read(hits);
  hide(frame);
  frame.dataset.at = at;
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.setAttribute("role", "status");
  const title = document.createElement("b");
  title.textContent = labels[at];
  const list = document.createElement("dl");
  series.forEach((name, place) => {
    const value = values[place][at];
    if (value === "-") return;
    list.append(Object.assign(document.createElement("dt"), { textContent: name }));
    list.append(Object.assign(document.createElement("dd"), { textContent: value.replace("..", " to ") }));
  });
  tip.append(title, list);
  frame.append(tip);
  const [box, plot] = [frame.getBoundingClientRect(), hits.getBoundingClientRect()];
  const left = plot.left - box.left + (plot.width * x[at]) / 1000;
  const isRight = left > box.width / 2;
  tip.style.left = `${isRight ? left - tip.offsetWidth - 10 : left + 10}px`;
  const needle = document.createElementNS("http://www.w3.org/2000/svg", "line");
  const place = { class: "needle", x1: `${x[at] / 10}%`, x2: `${x[at] / 10}%` };
  const [top, height] = [Number(hits.getAttribute("y")), Number(hits.getAttribute("height"))];
  for (const [name, value] of Object.entries({ ...place, y1: top, y2: top + height })) needle.setAttribute(name, value);
  hits.before(needle);
};

const hide = (frame) => {
  for (const part of frame.querySelectorAll(".tip, .needle")) part.remove();
};

const hideTips = (except) => {
  for (const frame of document.querySelectorAll("[data-chart]")) if (frame !== except) hide(frame);
};

const step = (frame, by) => {
  const hits = seen(frame);
  if (!hits) return;
  const last = read(hits).x.length - 1;
  const from = "at" in frame.dataset ? Number(frame.dataset.at) : last + (by < 0 ? 1 : -1);
  show(frame, hits, Math.min(last, Math.max(0, from + by)));
};

const point = (event) => {
  const hits = event.target.closest(".hits");
  if (!hits) return;
  const frame = hits.closest("[data-chart]");
  const plot = hits.getBoundingClientRect();
  const { x, values } = read(hits);
  const far = (place, at) =>
    Math.hypot(plot.left + (place * plot.width) / 1000 - event.clientX, height(hits, values, at, event.clientY));
  let [nearest, least] = [0, Infinity];
  x.forEach((place, at) => {
    const distance = far(place, at);
    if (distance < least) [nearest, least] = [at, distance];
  });
  const isShown = frame.dataset.at === String(nearest) && frame.querySelector(".tip");
  // A finger sees the values first, and follows them with a second tap.
  frame.dataset.follows = event.pointerType !== "touch" || Boolean(isShown);
  if (frame.dataset.at !== String(nearest) || !frame.querySelector(".tip")) show(frame, hits, nearest);
};

