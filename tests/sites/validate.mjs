// Runs html-validate over every HTML file named on standard input, one a line; writes its errors as JSON.
import { readFileSync } from "node:fs";
import { FileSystemConfigLoader, HtmlValidate } from "html-validate";

const loader = new FileSystemConfigLoader({
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    // The doctype is written as the HTML standard's own examples write it.
    "doctype-style": "off",
    "long-title": "off",
    "no-trailing-whitespace": "off",
  },
});
const validator = new HtmlValidate(loader);
const errors = [];
for (const file of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const report = await validator.validateFile(file);
  for (const result of report.results) {
    for (const message of result.messages) {
      errors.push({ file, line: message.line, column: message.column, rule: message.ruleId, text: message.message });
    }
  }
}
process.stdout.write(JSON.stringify(errors));
