// Chat from JavaScript (Node 18 or later, or a page of an origin in PULS_WIDGET_ORIGINS), nothing installed.
// Usage: node chat.mjs [http://127.0.0.1:8000]

const PULS = process.argv[2] ?? "http://127.0.0.1:8000";
const { token } = await (await fetch(`${PULS}/v1/me`, { method: "POST" })).json();

const response = await fetch(`${PULS}/v1/chat`, {
  method: "POST",
  headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
  body: JSON.stringify({ text: "jazz à Lyon ce week-end" }),
});
if (!response.ok) throw new Error((await response.json()).detail);

let rest = "";
for await (const bytes of response.body.pipeThrough(new TextDecoderStream())) {
  const blocks = (rest + bytes).split("\n\n");
  rest = blocks.pop();
  for (const block of blocks) {
    const [, name, data] = /^event: (\w+)\ndata: (.*)$/s.exec(block);
    if (name === "token") process.stdout.write(JSON.parse(data).text);
    if (name === "error") throw new Error(JSON.parse(data).fr);
  }
}
console.log();
