import { parseFault, parseModelName, type FaultParse } from '../faults/parse';

type AskedFault =
  | Exclude<FaultParse, { type: 'unknown' }>
  | { type: 'unknown'; reason: string; param: string };

/** The model and the fault a request asks for. A header decides over the model's name, which keeps its suffix off. */
export function faultOf(
  modelName: string,
  header: string | readonly string[] | undefined,
): { readonly model: string; readonly fault: AskedFault } {
  const named = parseModelName(modelName);
  const byHeader =
    header === undefined ? undefined : parseFault(String(header));
  const fault = byHeader ?? named.fault;
  if (fault.type !== 'unknown') return { model: named.model, fault };
  return {
    model: named.model,
    fault: { ...fault, param: byHeader ? 'x-sim-fault' : 'model' },
  };
}
