// SPDX-License-Identifier: GPL-3.0-or-later
// ONNX Runtime on one thread, a request at a time: a line of JSON on standard input (or in the file that is named), and a line
// of JSON back.
//   {"load": NAME, "file": ONNX, "input": FILE OF FLOAT32, "shape": [1, 3, 32, 32]}  → {}
//   {"run": NAME}                            → {"output": BASE64 OF FLOAT32}
//   {"time": NAME, "warmUp": 1, "runs": 10}  → {"us": [MICROSECONDS, …]}
//   {"drop": NAME}                           → {}
// The first line says what answers: {"version": "1.30.0"}. Trouble with a request is answered {"error": TEXT}.
import { createReadStream, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import ort from 'onnxruntime-node';

const options = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
};
const loaded = new Map();

async function load({ load: name, file, input, shape }) {
  const session = await ort.InferenceSession.create(file, options);
  const bytes = readFileSync(input);
  const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const feeds = { [session.inputNames[0]]: new ort.Tensor('float32', values, shape) };
  loaded.set(name, { session, feeds });
  return {};
}

async function run({ run: name }) {
  const { session, feeds } = loaded.get(name);
  const { data } = (await session.run(feeds))[session.outputNames[0]];
  return { output: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64') };
}

async function time({ time: name, warmUp, runs }) {
  const { session, feeds } = loaded.get(name);
  const us = new Array(runs);
  for (let i = -warmUp; i < runs; ++i) {
    const began = process.hrtime.bigint();
    await session.run(feeds);
    if (i >= 0) us[i] = Number(process.hrtime.bigint() - began) / 1e3;
  }
  return { us };
}

async function drop({ drop: name }) {
  await loaded.get(name).session.release();
  loaded.delete(name);
  return {};
}

const say = (object) => process.stdout.write(`${JSON.stringify(object)}\n`);
say({ version: createRequire(import.meta.url)('onnxruntime-node/package.json').version });
const input = process.argv[2] ? createReadStream(process.argv[2]) : process.stdin;
for await (const line of createInterface({ input })) {
  const request = JSON.parse(line);
  try {
    const [answer] = [load, run, time, drop].filter((one) => one.name in request);
    say(await answer(request));
  } catch (problem) {
    say({ error: String(problem.message ?? problem) });
  }
}
