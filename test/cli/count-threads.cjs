// Loaded before the command line: tells of each thread that is started.
const threads = require("node:worker_threads");

if (threads.isMainThread) {
  threads.Worker = class extends threads.Worker {
    constructor(...args) {
      super(...args);
      process.stderr.write("thread started\n");
    }
  };
}
