// SPDX-License-Identifier: Apache-2.0
// The second opinion: ajv over what the contract tests hand it.
// usage: node validate.mjs FOLDER-WITH-NODE_MODULES <jobs.json >answers.json
// jobs: {"schemas": {name: schema}, "documents": [{"name", "schema", "value", "coerce"}]}
// answers: {"schemas": {name: null or what is wrong}, "documents": [null or what is wrong]}
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.argv[2], "package.json"));
const Ajv = require("ajv/dist/2020").default;
const addFormats = require("ajv-formats").default;

const jobs = JSON.parse(readFileSync(0, "utf8"));
const answers = { schemas: {}, documents: [] };
const compiled = {};
for (const coerce of [false, true]) {
  // A keyword that ajv does not know is an error; unions of types are ours on purpose.
  const ajv = new Ajv({ allErrors: true, coerceTypes: coerce, strict: true, allowUnionTypes: true, strictRequired: false, strictTypes: false });
  addFormats(ajv);
  for (const [name, schema] of Object.entries(jobs.schemas)) {
    try {
      compiled[`${name} ${coerce}`] = ajv.compile(schema);
      answers.schemas[name] ??= null;
    } catch (error) {
      answers.schemas[name] = error.message;
    }
  }
}
for (const { schema, value, coerce } of jobs.documents) {
  const validate = compiled[`${schema} ${Boolean(coerce)}`];
  if (!validate) answers.documents.push(`no schema ${schema}`);
  else if (validate(value)) answers.documents.push(null);
  else answers.documents.push(validate.errors.slice(0, 5).map((e) => `${e.instancePath || "/"} ${e.message} ${JSON.stringify(e.params)}`).join("; "));
}
process.stdout.write(JSON.stringify(answers));
