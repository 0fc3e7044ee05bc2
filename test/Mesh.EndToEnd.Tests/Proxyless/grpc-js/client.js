// SPDX-License-Identifier: Apache-2.0
// A gRPC client that finds its servers by xDS. Argument: the target. Each line of standard input is an order, {"calls": N, "timeout": ms,
// "metadata": {...}}; the answer is a line {"ok": {server: count}, "failed": {status: count}, "details": [...]}. It ends with its input.
'use strict';
const grpc = require('@grpc/grpc-js');
require('@grpc/grpc-js-xds').register();

const Check = '/grpc.health.v1.Health/Check';
const Lanes = 8;
const client = new grpc.Client(process.argv[2], grpc.credentials.createInsecure());

// An empty message is no bytes; what the answer holds does not matter.
const nothing = () => Buffer.alloc(0);
const anything = (bytes) => bytes;

function call(order, result) {
  return new Promise((done) => {
    const metadata = new grpc.Metadata();
    for (const [name, value] of Object.entries(order.metadata ?? {})) {
      metadata.set(name, value);
    }

    let server = '?';
    const deadline = new Date(Date.now() + (order.timeout ?? 5000));
    const unary = client.makeUnaryRequest(Check, nothing, anything, {}, metadata, { deadline }, (error) => {
      const [counts, key] = error ? [result.failed, grpc.status[error.code]] : [result.ok, server];
      counts[key] = (counts[key] ?? 0) + 1;
      if (error && !result.details.includes(error.details) && result.details.length < 5) {
        result.details.push(error.details);
      }

      done();
    });
    unary.on('metadata', (headers) => { server = String(headers.get('x-server')[0]); });
  });
}

async function carryOut(order) {
  const result = { ok: {}, failed: {}, details: [] };
  let left = order.calls;
  const lane = async () => {
    while (left-- > 0) {
      await call(order, result);
    }
  };
  await Promise.all(Array.from({ length: Lanes }, lane));
  return result;
}

(async () => {
  for await (const line of require('readline').createInterface({ input: process.stdin })) {
    process.stdout.write(JSON.stringify(await carryOut(JSON.parse(line))) + '\n');
  }

  client.close();
  process.exit(0);
})();
