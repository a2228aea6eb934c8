// Lays graphs out: a list of graphs as JSON in, the same list with places out.
// Called with the folder that holds the installed modules.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const require = createRequire(join(process.argv[2], "anchor.js"));
const ELK = require("elkjs/lib/elk.bundled.js");

const elk = new ELK();
const graphs = JSON.parse(readFileSync(0, "utf8"));
const placed = [];
for (const graph of graphs) placed.push(await elk.layout(graph));
process.stdout.write(JSON.stringify(placed));
