import type { BodyEnd, BodyReader, UpstreamBody } from '../UpstreamBody';

/** A body of which a test says what comes. */
export class ScriptedBody implements UpstreamBody {
  state: 'flowing' | 'paused' | 'abandoned' | 'ending' = 'flowing';
  #reader: BodyReader | undefined;
  #waiting: Array<(reader: BodyReader) => void> = [];

  push(bytes: Buffer | string): void {
    const chunk = Buffer.from(bytes);
    this.#give(reader => reader.onChunk(chunk));
  }

  end(end: BodyEnd): void {
    this.#give(reader => {
      this.#reader = undefined;
      reader.onEnd(end);
    });
  }

  readBy(reader: BodyReader): void {
    this.#reader = reader;
    for (const give of this.#waiting.splice(0)) this.#give(give);
  }

  pause(): void {
    this.state = 'paused';
  }

  resume(): void {
    if (this.state === 'paused') this.state = 'flowing';
  }

  abandon(): void {
    this.state = 'abandoned';
    this.#reader = undefined;
  }

  letEnd(): void {
    this.state = 'ending';
    this.#reader = undefined;
  }

  #give(give: (reader: BodyReader) => void): void {
    if (this.#reader) give(this.#reader);
    else if (this.state === 'flowing') this.#waiting.push(give);
  }
}
