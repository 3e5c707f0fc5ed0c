// Asks through discord.js's REST client what standard input says, one JSON object a line, and writes one for each:
// {"id", "method", "route": ["interactionCallback", …], "auth", "body", "files": [{"name", "base64"}], "reason"}
// becomes {"id", "body"} or {"id", "error", "status", "code"}.
// Arguments: the folder with node_modules, and the API's address without its version.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import path from 'node:path';

const [, , packages, api] = process.argv;
const load = createRequire(path.join(path.resolve(packages), 'package.json'));
const { REST } = load('@discordjs/rest');
const { Routes } = load('discord-api-types/v10');

const rest = new REST({ version: '10', api, timeout: 5_000 }).setToken('token-of-nobody');

async function ask({ id, method, route: [name, ...values], auth, body, files = [], reason }) {
  const uploads = files.map((file) => ({ name: file.name, data: Buffer.from(file.base64, 'base64') }));
  const options = { method, fullRoute: Routes[name](...values), auth, body, reason };
  if (uploads.length > 0) options.files = uploads;
  try {
    const answer = await rest.request(options);
    return { id, body: answer instanceof ArrayBuffer ? null : answer };
  } catch (error) {
    return { id, error: error.name, status: error.status ?? 0, code: Number(error.code ?? 0) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  ask(JSON.parse(line)).then((answer) => process.stdout.write(JSON.stringify(answer) + '\n'));
}
