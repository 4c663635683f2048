// The only script of an edition, on the page of the search alone. It reads the index that was published with the
// edition, one part a year, and asks nobody else. All that it shows is set as text: nothing found is taken for markup.

const page = document.querySelector("main");
const form = page.querySelector("form");
const box = form.elements.q;
const order = form.elements.order;
const told = page.querySelector("[role=status]");
const list = page.querySelector("ol.list");
const more = page.querySelector("button.more");
const years = form.dataset.years.split(" ");
const top_ = "../";
const STEP = 10;

// Writing without blanks is indexed letter by letter.
const DENSE = /[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/u;
const apart = (text) => [...text].map((letter) => (DENSE.test(letter) ? ` ${letter} ` : letter)).join("");
const together = (text) => text.replace(/ *([\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]) */gu, "$1");

let engine;
let found = [];
let shown = 0;
let asked = 0;

async function start() {
  engine = await import(`./${years[0]}/pagefind.js`);
  await engine.options({ bundlePath: new URL(`${years[0]}/`, document.baseURI).pathname });
  await engine.init();
  for (const year of years.slice(1)) {
    await engine.mergeIndex(new URL(`${year}/`, document.baseURI).pathname);
  }
  const filters = await engine.filters();
  for (const choice of form.querySelectorAll("select[data-filter]")) {
    const values = Object.entries(filters[choice.dataset.filter] ?? {});
    values.sort(([one], [other]) => (one < other ? -1 : 1));
    for (const [value, count] of values) {
      choice.append(new Option(`${value} (${count})`, value));
    }
    choice.closest("label").hidden = values.length < 2;
  }
}

function restore() {
  const wish = new URLSearchParams(location.search);
  box.value = wish.get("q") ?? "";
  order.value = wish.get("order") === "date" ? "date" : "";
  for (const choice of form.querySelectorAll("select[data-filter]")) {
    choice.value = wish.get(choice.dataset.filter) ?? "";
    if (choice.selectedIndex < 0) choice.value = "";
  }
}

function wished() {
  const filters = {};
  const wish = new URLSearchParams();
  if (box.value.trim()) wish.set("q", box.value.trim());
  for (const choice of form.querySelectorAll("select[data-filter]")) {
    if (choice.value) {
      filters[choice.dataset.filter] = choice.value;
      wish.set(choice.dataset.filter, choice.value);
    }
  }
  if (order.value) wish.set("order", order.value);
  return { filters, wish };
}

async function search() {
  const turn = ++asked;
  const { filters, wish } = wished();
  history.replaceState(null, "", wish.size ? `?${wish}` : location.pathname);
  const words = apart(box.value).trim();
  if (!words && !Object.keys(filters).length) {
    found = [];
    return show("");
  }
  const options = { filters };
  if (order.value || !words) options.sort = { date: "desc" };
  const answer = await engine.search(words || null, options);
  if (turn !== asked) return; // something else was asked for meanwhile
  found = answer.results;
  await show(found.length === 1 ? "1 article" : `${found.length} articles`);
}

async function show(words) {
  list.replaceChildren();
  shown = 0;
  told.textContent = words;
  await next();
}

async function next() {
  const turn = asked;
  const part = found.slice(shown, shown + STEP);
  const entries = await Promise.all(part.map((result) => result.data()));
  if (turn !== asked) return;
  list.append(...entries.map(entry));
  shown += part.length;
  more.hidden = shown >= found.length;
}

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function entry(data) {
  const item = element("li", "");
  const address = data.raw_url ?? data.url;
  const lang = data.meta.lang ?? "";
  const heading = element("h2", "", { lang, dir: "auto" });
  heading.append(element("a", data.meta.title ?? "", { href: top_ + address.replace(/^\//, "") }));
  const byline = element("p", "", { class: "byline" });
  byline.append(element("bdi", data.meta.by ?? ""), " \u00b7 ", element("time", data.meta.day ?? "", { datetime: data.meta.date ?? "" }));
  item.append(heading, element("p", "", { lang, dir: "auto" }), byline);
  excerpt(item.children[1], data.plain_excerpt ?? "");
  return item;
}

// The passage with the words that were asked for marked in it.
function excerpt(place, text) {
  const plain = document.createElement("textarea");
  plain.innerHTML = text; // only its text is read: entities become letters, nothing becomes an element
  const passage = together(plain.value);
  const words = box.value.trim().toLowerCase().split(/\s+/).filter((word) => word.length > 1);
  let rest = passage;
  while (rest) {
    const low = rest.toLowerCase();
    const at = words.map((word) => [low.indexOf(word), word.length]).filter(([start]) => start >= 0);
    if (!at.length || low.length !== rest.length) break;
    const [start, length] = at.reduce((one, other) => (other[0] < one[0] ? other : one));
    place.append(rest.slice(0, start), element("mark", rest.slice(start, start + length)));
    rest = rest.slice(start + length);
  }
  place.append(rest, " \u2026");
}

let waiting;
function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(search, 200);
}

start().then(
  () => {
    page.querySelector(".without").hidden = true;
    form.hidden = false;
    form.addEventListener("input", soon);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      search();
    });
    more.addEventListener("click", next);
    restore();
    box.focus({ preventScroll: true });
    return search();
  },
  () => {
    page.querySelector(".without .cause").textContent =
      "The index could not be loaded. These lists lead to everything all the same:";
  },
);
