// Opens pages in headless Chromium at several widths and colour schemes, runs axe-core on each and counts
// requests that leave the site. Reads a JSON job on standard input, writes a JSON report on standard output.
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const job = JSON.parse(readFileSync(0, "utf8"));
const axe = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const browser = await chromium.launch({
  executablePath: job.chromium,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
const report = { violations: [], outside: [], failed: [], console: [], overflow: [], visited: 0 };
// The page's own policy forbids scripts, so the checker is let past it; requests are counted all the same.
const context = await browser.newContext({ bypassCSP: true });
const page = await context.newPage();
page.on("request", (request) => {
  if (!request.url().startsWith(job.base) && !request.url().startsWith("data:")) {
    report.outside.push({ page: page.url(), url: request.url() });
  }
});
page.on("response", (response) => {
  if (response.status() >= 400) report.failed.push({ page: page.url(), url: response.url() });
});
page.on("console", (message) => {
  if (message.type() === "error") report.console.push({ page: page.url(), text: message.text() });
});
page.on("pageerror", (error) => report.console.push({ page: page.url(), text: error.message }));
page.on("dialog", (dialog) => {
  report.console.push({ page: page.url(), text: `a dialog: ${dialog.message()}` });
  return dialog.dismiss();
});
for (const path of job.pages) {
  await page.goto(job.base + path, { waitUntil: "load" });
  await page.evaluate(axe);
  for (const width of job.widths) {
    await page.setViewportSize({ width, height: 900 });
    for (const scheme of job.schemes) {
      await page.emulateMedia({ colorScheme: scheme });
      report.visited += 1;
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (wide > 1) report.overflow.push({ path, width, by: wide });
      // What only colours can change is asked again in the other scheme, and nothing else.
      const only = scheme === job.schemes[0] ? { rules: { "target-size": { enabled: true } } } : { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } };
      if (job.plain) continue;
      const result = await page.evaluate((only) => window.axe.run(document, { resultTypes: ["violations"], ...only }), only);
      for (const found of result.violations) {
        report.violations.push({
          path,
          width,
          scheme,
          rule: found.id,
          impact: found.impact,
          help: found.help,
          nodes: found.nodes.slice(0, 3).map((node) => node.html.slice(0, 200)),
        });
      }
    }
  }
}
await browser.close();
process.stdout.write(JSON.stringify(report));
