// One turn as the server tells it, event by event. A connection that is lost is asked for again under the same request id:
// the server then tells the same turn from its beginning, so nothing is lost and nothing is done twice. Enter at `told`.

import { Lost, Refused, refused } from "./server.js";

const SILENCE_MS = 25_000; // between two pieces of a turn
const AGAIN_AFTER_MS = [400, 1_200, 3_000, 6_000];
const PASSING = new Set([502, 503, 504]); // a proxy or a restart: worth asking again

export async function* told(message, { server, signal, onLost }) {
  for (let tries = 0; ; tries += 1) {
    try {
      for await (const event of events(message, server, signal)) {
        yield event;
        if (event.name === "done" || event.name === "error") return;
      }
      throw new Lost();
    } catch (failure) {
      const isFinal = failure instanceof Refused && !PASSING.has(failure.status);
      if (signal.aborted || isFinal || tries === AGAIN_AFTER_MS.length) throw failure;
      onLost();
      await backOnline(AGAIN_AFTER_MS[tries], signal);
    }
  }
}

async function* events(message, server, signal) {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const response = await fetch(`${server.base}/chat`, {
      method: "POST",
      headers: await server.headers({ "Content-Type": "application/json", Accept: "text/event-stream" }),
      body: JSON.stringify(message),
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if (!response.ok) throw await refused(response);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let text = ""; ; ) {
      const { value, done } = await reader.read();
      if (done) return;
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      const blocks = (text + value).split("\n\n");
      text = blocks.pop();
      for (const block of blocks) yield parsed(block);
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Lines end at a line feed only: words of organisers may hold U+2028, which a pattern takes for an end too. */
function parsed(block) {
  const fields = block.split("\n").map((line) => [line.slice(0, line.indexOf(": ")), line.slice(line.indexOf(": ") + 2)]);
  const { event, data } = Object.fromEntries(fields);
  return { name: event, data: JSON.parse(data) };
}

/** A moment's pause, ended early by the network coming back. */
function backOnline(milliseconds, signal) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    window.addEventListener("online", end, { once: true });
    signal.addEventListener("abort", end, { once: true });
  });
}
