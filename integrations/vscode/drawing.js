// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// The answer to `gridlock/lockGraph` as a page: a drawing of the locks in a
// circle with an arrow for each order, and a table of where the orders come
// from. There is no script in the page; what can be clicked are links to
// commands. Knows nothing of VS Code.

"use strict";

const escaped = (text) =>
  String(text).replace(/[&<>"']/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[c]);

/** The locks that lie on a cycle, as a map from lock to the number of its cycle (Tarjan's components). */
function cyclesOf(graph) {
  const next = new Map(graph.locks.map((lock) => [lock, new Set()]));
  for (const { from, to } of graph.orders) next.get(from)?.add(to);
  const cycles = new Map();
  const index = new Map(), low = new Map(), stack = [], open = new Set();
  let found = 0;
  const visit = (lock) => {
    index.set(lock, index.size);
    low.set(lock, index.get(lock));
    stack.push(lock);
    open.add(lock);
    for (const other of next.get(lock) ?? []) {
      if (!index.has(other)) visit(other);
      if (open.has(other)) low.set(lock, Math.min(low.get(lock), low.get(other)));
    }
    if (low.get(lock) !== index.get(lock)) return;
    const component = [];
    let member;
    do {
      member = stack.pop();
      open.delete(member);
      component.push(member);
    } while (member !== lock);
    if (component.length > 1 || next.get(lock)?.has(lock)) {
      for (const each of component) cycles.set(each, found);
      found++;
    }
  };
  for (const lock of next.keys()) if (!index.has(lock)) visit(lock);
  return cycles;
}

function arrowsOf(graph) {
  const cycles = cyclesOf(graph);
  const arrows = new Map();
  for (const { from, to, certain } of graph.orders) {
    const key = JSON.stringify([from, to]);
    const known = arrows.get(key);
    const isCyclic = cycles.has(from) && cycles.get(from) === cycles.get(to);
    arrows.set(key, { from, to, isCyclic, isCertain: certain || (known?.isCertain ?? false) });
  }
  return [...arrows.values()];
}

function svgOf(graph) {
  const count = graph.locks.length;
  const radius = Math.max(70, count * 18);
  const size = 2 * radius + 260;
  const places = new Map(
    graph.locks.map((lock, i) => {
      const angle = (2 * Math.PI * i) / count - Math.PI / 2;
      return [lock, { x: size / 2 + radius * Math.cos(angle), y: size / 2 + radius * Math.sin(angle) }];
    }),
  );
  const number = (value) => value.toFixed(1);
  const lines = arrowsOf(graph).map(({ from, to, isCyclic, isCertain }) => {
    const a = places.get(from), b = places.get(to);
    if (!a || !b) return "";
    const style = `class="${isCyclic ? "cyclic" : "plain"}"${isCertain ? "" : ' stroke-dasharray="5 4"'}`;
    const end = `marker-end="url(#${isCyclic ? "cyclic" : "plain"})"`;
    if (from === to)
      return `<path ${style} ${end} d="M ${number(a.x - 8)} ${number(a.y - 12)} c -30 -45 46 -45 16 -2"/>`;
    // Bent to one side, so that two opposite arrows are two lines.
    const dx = b.x - a.x, dy = b.y - a.y, length = Math.hypot(dx, dy);
    const at = (share, side) => `${number(a.x + dx * share - (dy / length) * side)} ${number(a.y + dy * share + (dx / length) * side)}`;
    const margin = 16 / length;
    return `<path ${style} ${end} d="M ${at(margin, 4)} Q ${at(0.5, 18)} ${at(1 - margin, 4)}"/>`;
  });
  const names = graph.locks.map((lock) => {
    const { x, y } = places.get(lock);
    const anchor = Math.abs(x - size / 2) < 1 ? "middle" : x < size / 2 ? "end" : "start";
    const dx = anchor === "middle" ? 0 : anchor === "end" ? -14 : 14;
    const dy = anchor === "middle" ? (y < size / 2 ? -16 : 26) : 4;
    return (
      `<circle cx="${number(x)}" cy="${number(y)}" r="7"/>` +
      `<text x="${number(x + dx)}" y="${number(y + dy)}" text-anchor="${anchor}">${escaped(lock)}</text>`
    );
  });
  const marker = (id) =>
    `<marker id="${id}" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="7" markerHeight="7" orient="auto">` +
    `<path class="${id} head" d="M 0 0 L 10 5 L 0 10 z"/></marker>`;
  return (
    `<svg viewBox="0 0 ${size} ${size}" width="${size}" role="img" aria-label="lock graph">` +
    `<defs>${marker("plain")}${marker("cyclic")}</defs>${lines.join("")}${names.join("")}</svg>`
  );
}

function linkTo(location, text) {
  const argument = encodeURIComponent(JSON.stringify([location]));
  return `<a href="command:gridlock.open?${escaped(argument)}">${escaped(text)}</a>`;
}

function placeOf(location) {
  const name = decodeURIComponent(location.uri.split("/").pop());
  return `${name}:${location.range.start.line + 1}`;
}

const STYLE = `
  body { font-family: var(--vscode-font-family); color: var(--vscode-foreground); }
  svg { max-width: 100%; height: auto; }
  circle { fill: var(--vscode-foreground); }
  text { fill: var(--vscode-foreground); font-size: 13px; }
  path { fill: none; stroke-width: 1.5; }
  .plain { stroke: var(--vscode-foreground); }
  .cyclic { stroke: var(--vscode-errorForeground, #c00); }
  .plain.head { fill: var(--vscode-foreground); }
  .cyclic.head { fill: var(--vscode-errorForeground, #c00); }
  table { border-collapse: collapse; }
  td, th { text-align: left; padding: 2px 12px 2px 0; vertical-align: top; }
`;

/** The whole page. `graph`: {locks, orders: [{from, to, function, held, taken, certain}]}. */
function pageOf(graph) {
  const cycles = cyclesOf(graph);
  const rows = graph.orders.map((order) => {
    const isCyclic = cycles.has(order.from) && cycles.get(order.from) === cycles.get(order.to);
    return (
      `<tr><td>${escaped(order.from)} → ${escaped(order.to)}${isCyclic ? " <b>(cycle)</b>" : ""}</td>` +
      `<td>${escaped(order.function)}</td>` +
      `<td>${linkTo(order.held, placeOf(order.held))}</td><td>${linkTo(order.taken, placeOf(order.taken))}</td></tr>`
    );
  });
  const body = graph.orders.length
    ? `${svgOf(graph)}<p>An arrow means: taken while the other is held. Arrows of a cycle can make a deadlock; ` +
      `dashed: perhaps not the very same lock.</p>` +
      `<table><tr><th>order</th><th>in</th><th>first taken</th><th>second taken</th></tr>${rows.join("")}</table>`
    : "<p>No lock is taken here while another is held.</p>";
  return (
    '<!DOCTYPE html><html lang="en"><head><meta charset="UTF-8">' +
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">` +
    `<title>Lock graph</title><style>${STYLE}</style></head><body>${body}</body></html>`
  );
}

module.exports = { cyclesOf, pageOf };
