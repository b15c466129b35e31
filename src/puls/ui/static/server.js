// Asks Puls' own HTTP API. A failure is a `Refused` with a status; no answer at all is a `Lost`. Every wait has a limit.

const PATIENCE_MS = 15_000;

export class Refused extends Error {
  constructor(status, code) {
    super(`${status} ${code}`);
    this.status = status;
    this.code = code;
  }
}

export class Lost extends Error {}

/** Where Puls is and who asks: the page itself has both from its address and its cookie, a widget says them. */
export class Server {
  constructor({ base = "", token = null } = {}) {
    this.base = base;
    this.token = token;
  }

  async headers(more = {}) {
    return this.token ? { ...more, Authorization: `Bearer ${this.token}` } : more;
  }

  async send(method, path, body) {
    const headers = await this.headers(body === undefined ? {} : { "Content-Type": "application/json" });
    let response;
    try {
      response = await fetch(this.base + path, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
    } catch {
      throw new Lost();
    }
    if (!response.ok) throw await refused(response);
    return response.status === 204 ? null : response.json();
  }
}

export async function refused(response) {
  const problem = await response.json().catch(() => ({}));
  return new Refused(response.status, problem.code ?? "unknown");
}

/** What a failure means for the person in front of the page. */
export function sentenceOf(failure, words) {
  if (!(failure instanceof Refused)) return navigator.onLine ? words.lost_for_good : words.offline;
  if (failure.status === 429) return words.too_many;
  if (failure.status === 404) return words.gone_conversation;
  if (failure.status === 422) return words.not_understood;
  return words.unavailable;
}
