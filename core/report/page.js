"use strict";

const LINES_A_PAGE = 100;
const POINTS = 48, WIDTH = 150, HEIGHT = 44;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const AXES = ["pitch", "yaw", "roll"];
const words = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/* Rows in the order of a column; what has no value comes last in both directions, equals stay in the manifest's order. */
function ordered(rows, value, descending) {
  const known = [], unknown = [];
  for (const row of rows) {
    const of = value(row);
    (of === null || of === undefined || of === "" ? unknown : known).push([of, row]);
  }
  const sign = descending ? -1 : 1;
  known.sort(([a, x], [b, y]) => {
    const order = typeof a === "number" && typeof b === "number" ? a - b : words.compare(String(a), String(b));
    return sign * order || x.at - y.at;
  });
  return known.concat(unknown).map(([, row]) => row);
}

/* Rows that have every searched word somewhere, a finding of the kind, and the chosen values. */
function matching(rows, wanted, acting) {
  const searched = wanted.search.normalize("NFC").toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    const kinds = row.findings.map(([kind]) => kind);
    if (wanted.kind === "acts" && !kinds.some((kind) => acting.has(kind))) return false;
    if (wanted.kind === "any" && !kinds.length) return false;
    if (wanted.kind === "done" && row.state !== "done") return false;
    if (!["", "acts", "any", "done"].includes(wanted.kind) && !kinds.includes(wanted.kind)) return false;
    if (Object.entries(wanted.values).some(([name, value]) => value && row[name] !== value)) return false;
    if (!searched.length) return true;
    const text = [row.id, row.character, row.language, row.text, row.sound, row.out, row.style, row.note,
      ...row.findings.map(([, detail]) => detail)].join("\n").normalize("NFC").toLowerCase();
    return searched.every((word) => text.includes(word));
  });
}

/* Paths of a curve's axes in a box, `full` degrees from its middle to its edge. */
function curvePaths(curve, scale, full) {
  return AXES.map((axis, at) => {
    const points = [];
    for (let i = 0; i < POINTS; i++) {
      const place = LETTERS.indexOf(curve[at * POINTS + i]) / (LETTERS.length - 1) * 2 - 1;
      const share = Math.max(-1, Math.min(1, place * scale / full));
      points.push(`${(i / (POINTS - 1) * WIDTH).toFixed(1)} ${((1 - share) / 2 * (HEIGHT - 2) + 1).toFixed(1)}`);
    }
    return [axis, `M${points.join("L")}`];
  });
}

/* A path as an address beside the page, null where it cannot be one. */
function address(path) {
  if (/^file:/.test(path)) return path;
  try {
    return "./" + path.split("/").map(encodeURIComponent).join("/");
  } catch {
    return null;
  }
}

function start() {
  const data = JSON.parse(document.getElementById("data").textContent);
  const rows = data.rows.map((cells, at) =>
    Object.fromEntries([["at", at], ...data.columns.map((name, i) => [name, cells[i]])]));
  for (const row of rows) row.style = data.styles[row.style];
  const acting = new Set(Object.keys(data.kinds).filter((kind) => data.kinds[kind].acts));
  const scales = rows.map((row) => row.scale).filter((scale) => scale !== null).sort((a, b) => a - b);
  const full = Math.max(5, scales.length ? scales[Math.floor(0.9 * (scales.length - 1))] : 5);
  const by = (id) => document.getElementById(id);
  const wanted = { search: "", kind: "", values: {} };
  const order = { column: null, descending: false };
  let page = 0, found = rows;

  function element(tag, options, ...children) {
    const made = document.createElement(tag);
    Object.assign(made, options);
    made.append(...children);
    return made;
  }

  function number(value, digits) {
    return element("td", { className: "number" },
      value === null ? "" : value.toFixed(digits).replace(/^-(?=0*\.?0*$)/, "").replace("-", "−"));
  }

  function linked(path, name) {
    const href = path ? address(path) : null;
    const cell = element("div", { title: path });
    cell.append(href ? element("a", { href, rel: "noreferrer" }, name) : name);
    return cell;
  }

  function drawing(row) {
    const cell = element("td", {});
    if (!row.curve) return cell;
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", `Curves of pitch, yaw and roll, at most ${row.scale.toFixed(1)}°`);
    const middle = document.createElementNS(svg.namespaceURI, "line");
    for (const [name, value] of [["x2", WIDTH], ["y1", HEIGHT / 2], ["y2", HEIGHT / 2]]) middle.setAttribute(name, value);
    svg.append(middle);
    for (const [axis, path] of curvePaths(row.curve, row.scale, full)) {
      const made = document.createElementNS(svg.namespaceURI, "path");
      made.setAttribute("class", axis);
      made.setAttribute("d", path);
      svg.append(made);
    }
    cell.append(svg);
    return cell;
  }

  function named(row) {
    const cell = element("td", { className: "text line" }, element("span", { className: "id", dir: "auto" }, row.id));
    const said = [row.character, row.language].filter(Boolean).join(", ");
    if (said) cell.append(element("div", { dir: "auto" }, said));
    if (row.text) cell.append(element("div", { dir: "auto" }, row.text));
    return cell;
  }

  function what(row) {
    const cell = element("td", { className: "what" });
    if (row.state === "done") cell.append(element("span", { className: "badge done" }, "done"));
    for (const [kind, detail] of row.findings) {
      const known = data.kinds[kind];
      cell.append(element("div", {},
        element("span", { className: `badge ${known.acts ? "acts" : "look"}`, title: known.meaning }, known.label), detail));
    }
    if (row.note) cell.append(element("div", {}, row.note));
    return cell;
  }

  const columns = [
    ["#", (row) => row.at + 1, (row) => number(row.at + 1, 0)],
    ["line", (row) => row.id, named],
    ["state", (row) => data.order.indexOf(row.findings.length ? row.findings[0][0] : "done"), what],
    ["curves", (row) => row.scale, drawing],
    ["sound s", (row) => row.sound_s, (row) => number(row.sound_s, 2)],
    ["motion s", (row) => row.motion_s, (row) => number(row.motion_s, 2)],
    ["level dB", (row) => row.level_db, (row) => number(row.level_db, 1)],
    ["peak dB", (row) => row.peak_db, (row) => number(row.peak_db, 1)],
    ["size °", (row) => row.size_deg, (row) => number(row.size_deg, 2)],
    ["speed °/s", (row) => row.speed_deg_s, (row) => number(row.speed_deg_s, 1)],
    ["× style", (row) => row.times_style, (row) => number(row.times_style, 2)],
    ["z lines", (row) => row.z_lines, (row) => number(row.z_lines, 1)],
    ["z style", (row) => row.z_style, (row) => number(row.z_style, 1)],
    ["style", (row) => row.style, (row) => element("td", { className: "text" }, row.style)],
    ["files", (row) => row.out, (row) => element("td", {}, linked(row.sound, "sound"), linked(row.out, row.out.split(".").pop()))],
  ];

  function find() {
    found = matching(rows, wanted, acting);
    if (order.column !== null) found = ordered(found, columns[order.column][1], order.descending);
    page = 0;
    draw();
  }

  function draw() {
    const pages = Math.max(1, Math.ceil(found.length / LINES_A_PAGE));
    page = Math.max(0, Math.min(page, pages - 1));
    const shown = found.slice(page * LINES_A_PAGE, (page + 1) * LINES_A_PAGE);
    by("body").replaceChildren(...shown.map((row) => element("tr", {}, ...columns.map((column) => column[2](row)))));
    by("shown").textContent = `${found.length} of ${rows.length} lines`;
    by("place").textContent = `${page + 1} of ${pages}`;
    by("first").disabled = by("previous").disabled = page === 0;
    by("last").disabled = by("next").disabled = page === pages - 1;
    [...by("head").children].forEach((cell, at) => {
      if (at === order.column) cell.setAttribute("aria-sort", order.descending ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    });
  }

  function turn(id, to) {
    by(id).addEventListener("click", () => { page = to(); draw(); });
  }

  columns.forEach(([name], at) => {
    const button = element("button", { type: "button" }, name);
    button.addEventListener("click", () => {
      order.descending = order.column === at && !order.descending;
      order.column = at;
      find();
    });
    by("head").append(element("th", { scope: "col" }, button));
  });
  const kinds = [["", "all lines"], ["acts", "to act on"], ["any", "with any finding"], ["done", "done"],
    ...data.order.filter((kind) => kind !== "done" && rows.some((row) => row.findings.some(([own]) => own === kind)))
      .map((kind) => [kind, data.kinds[kind].label])];
  by("kind").append(...kinds.map(([value, text]) => element("option", { value }, text)));
  for (const name of ["style", "character", "language"]) {
    const values = [...new Set(rows.map((row) => row[name]))].filter(Boolean).sort(words.compare);
    if (values.length < 2) continue;
    const select = element("select", {}, element("option", { value: "" }, "all"),
      ...values.map((value) => element("option", { value }, value)));
    select.addEventListener("change", () => { wanted.values[name] = select.value; find(); });
    by("selects").append(element("label", {}, name[0].toUpperCase() + name.slice(1) + " ", select));
  }
  for (const chip of document.querySelectorAll(".counts button")) {
    chip.disabled = false;
    chip.addEventListener("click", () => { by("kind").value = wanted.kind = chip.value; find(); });
  }
  by("search").addEventListener("input", () => { wanted.search = by("search").value; find(); });
  by("kind").addEventListener("change", () => { wanted.kind = by("kind").value; find(); });
  by("reset").addEventListener("click", () => {
    for (const field of document.querySelectorAll(".filters select, .filters input")) field.value = "";
    Object.assign(wanted, { search: "", kind: "", values: {} });
    order.column = null;
    find();
  });
  turn("first", () => 0);
  turn("previous", () => page - 1);
  turn("next", () => page + 1);
  turn("last", () => Infinity);
  by("scale").textContent = `±${full.toFixed(1)}° from edge to edge`;
  document.querySelector("main").hidden = false;
  find();
}

if (typeof document !== "undefined") start();
