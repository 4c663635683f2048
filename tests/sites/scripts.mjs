// Reads articles in headless Chromium as their letters stand: which way each line runs, which fonts drew it, what is
// copied out of it. Reads a JSON job on standard input, writes a JSON report on standard output.
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const job = JSON.parse(readFileSync(0, "utf8"));
const browser = await chromium.launch({
  executablePath: job.chromium,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
});
const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, bypassCSP: true });
const page = await context.newPage();
const devtools = await context.newCDPSession(page);
await devtools.send("DOM.enable");
await devtools.send("CSS.enable");
const report = [];
for (const path of job.pages) {
  await page.goto(job.base + path, { waitUntil: "load" });
  const seen = await page.evaluate(() => {
    const places = (element) => {
      const text = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
      const at = (from) => {
        const range = document.createRange();
        range.setStart(text, from);
        range.setEnd(text, from + 1);
        return range.getBoundingClientRect();
      };
      const [first, second] = [at(0), at(1)];
      return { first: first.left, second: second.left, start: element.getBoundingClientRect(), direction: getComputedStyle(element).direction };
    };
    const heading = document.querySelector("article h1, main h1");
    const item = document.querySelector("article ol li");
    return {
      lang: heading.closest("[lang]").lang,
      heading: places(heading),
      item: places(item),
      listed: item.parentElement.getBoundingClientRect().toJSON(),
      text: document.querySelector("article").innerText,
    };
  });
  const { root } = await devtools.send("DOM.getDocument", { depth: -1 });
  const { nodeIds } = await devtools.send("DOM.querySelectorAll", { nodeId: root.nodeId, selector: "article h1, article .body *, article p, article li" });
  const fonts = {};
  for (const nodeId of nodeIds) {
    const used = await devtools.send("CSS.getPlatformFontsForNode", { nodeId });
    for (const font of used.fonts) fonts[font.familyName] = (fonts[font.familyName] ?? 0) + font.glyphCount;
  }
  report.push({ path, fonts, ...seen });
}
await browser.close();
process.stdout.write(JSON.stringify(report));
