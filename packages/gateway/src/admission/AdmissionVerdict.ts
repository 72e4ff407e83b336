import type { Refusal } from '../errors/registry';
import type { ServedModel } from '../snapshot/Snapshot';
import type { Admission } from './Admission';

type Headers = Readonly<Record<string, string>>;

/** Whether a request may be made, and on what terms. */
export type AdmissionVerdict =
  | {
      readonly ok: true;
      readonly admission: Admission;
      /** What it goes to, which may be another than it asked for. */
      readonly model: ServedModel;
      /** The most that may be generated for each choice; `null`: as it asks. */
      readonly outputCap: number | null;
      readonly headers: Headers;
    }
  | {
      readonly ok: false;
      readonly refusal: Refusal;
      readonly headers: Headers;
    };
