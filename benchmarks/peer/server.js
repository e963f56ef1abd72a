// The same command with bolt-js and better-sqlite3: a recognition's very rows, each time with new
// keys, in one durable transaction, acknowledged once it is committed.
'use strict';

const fs = require('node:fs');
const { App, HTTPReceiver } = require('@slack/bolt');
const Database = require('better-sqlite3');

const USE_ONE =
  'UPDATE allowance SET used = used + 1 WHERE team_id = ? AND giver = ? AND used < 1000000';

const [apiUrl, databasePath, recordedPath, port] = process.argv.slice(2);
// Ids have 63 bits, which a number of JavaScript's does not hold: they are written as {"id": "…"}.
const recorded = JSON.parse(fs.readFileSync(recordedPath, 'utf8'), (_key, value) =>
  value !== null && typeof value === 'object' && 'id' in value ? BigInt(value.id) : value);

const database = new Database(databasePath);
for (const pragma of ['journal_mode=WAL', 'synchronous=FULL', 'foreign_keys=ON']) {
  database.pragma(pragma);
}
const useOne = database.prepare(USE_ONE);
const rows = recorded.rows.map(([sql, values]) => [database.prepare(sql), values]);
const oldText = String(recorded.record);
let lastId = recorded.record + 1_000_000n;

function anew(values, record, trigger) {
  const found = values.map((value) => {
    if (value === recorded.record) return record;
    if (typeof value !== 'string') return value;
    return value.replaceAll(oldText, String(record)).replaceAll('trigger:recorded', `trigger:${trigger}`);
  });
  if (values[0] !== recorded.record) found[0] = ++lastId;
  return found;
}

const insert = database.transaction((team, giver, trigger) => {
  const record = ++lastId;
  for (const [statement, values] of rows) statement.run(anew(values, record, trigger));
  useOne.run(team, giver);
}).immediate;

const receiver = new HTTPReceiver({
  signingSecret: process.env.SLACK_SIGNING_SECRET,
  processBeforeResponse: true,
});
const app = new App({
  receiver,
  token: 'xoxb-bench',
  clientOptions: { slackApiUrl: apiUrl },
  processBeforeResponse: true,
});

app.command('/recognize', async ({ body, ack }) => {
  insert(body.team_id, body.user_id, body.trigger_id);
  await ack();
});

app.start({ port: Number(port), host: '127.0.0.1' });
