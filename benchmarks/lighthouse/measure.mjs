// Runs Lighthouse on pages, several rounds each, as a phone and as a desktop. Reads a JSON job on standard input; writes
// the scores of every round as JSON, with the audits that cost something.
import { readFileSync } from "node:fs";
import * as chromeLauncher from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";

const job = JSON.parse(readFileSync(0, "utf8"));
const report = [];
for (const path of job.pages) {
  for (const [device, config] of [["phone", undefined], ["desktop", desktopConfig]]) {
    for (let round = 0; round < job.rounds; round += 1) {
      const chrome = await chromeLauncher.launch({
        chromePath: job.chromium,
        chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
      });
      const options = { port: chrome.port, logLevel: "error", onlyCategories: ["accessibility", "best-practices", "performance"] };
      const { lhr } = await lighthouse(job.base + path, options, config);
      await chrome.kill();
      const scores = Object.fromEntries(Object.values(lhr.categories).map((found) => [found.id, Math.round(found.score * 100)]));
      const lost = Object.values(lhr.categories).flatMap((category) =>
        category.auditRefs.filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 0.9).map(({ id }) => id),
      );
      const paint = lhr.audits["largest-contentful-paint"].numericValue;
      report.push({ path, device, scores, lost, paint, weight: lhr.audits["total-byte-weight"].numericValue, error: lhr.runtimeError?.message });
    }
  }
}
process.stdout.write(JSON.stringify(report));
