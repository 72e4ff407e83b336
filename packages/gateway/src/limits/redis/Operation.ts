import type { Batch } from './Batch';
import type { Reply } from './Reply';

/** One thing that the script is to do, and how its answer is read. */
export interface Operation<T> {
  write(batch: Batch): void;
  /**
   * @throws ReplyFormatError when nothing that follows can be read either
   * @returns what is to be answered: a failure is of this operation alone
   */
  read(reply: Reply): T | Error;
}
