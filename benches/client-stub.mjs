// A server that answers every request with what a real SandboxFusion answered to `print("hello")`, in a process of its
// own, so that only the sender's work counts.

import { createServer } from 'node:http';

/** Recorded from commit 469de0845cb7. */
const BODY =
  '{"status":"Success","message":"","compile_result":null,"run_result":{"status":"Finished",' +
  '"execution_time":0.018620014190673828,"return_code":0,"stdout":"hello\\n","stderr":""},' +
  '"executor_pod_name":null,"files":{}}';

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': BODY.length });
    response.end(BODY);
  });
});

server.listen(0, '127.0.0.1', () => process.send(server.address().port));
