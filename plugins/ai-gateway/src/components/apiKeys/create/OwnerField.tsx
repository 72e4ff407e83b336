import { InlineProblem, RadioField } from '../../shared';
import type { ApiKeyDraft } from './apiKeyDraft';
import { AppField } from './AppField';

type Owner = ApiKeyDraft['owner'];

const KINDS: readonly { id: Owner['kind']; label: string }[] = [
  { id: 'user', label: 'Me' },
  { id: 'app', label: 'An application' },
  { id: 'project', label: 'The project' },
];

/** Whose credential the key is. */
export function OwnerField(props: {
  value: Owner;
  onChange: (value: Owner) => void;
  onBlur: () => void;
  problem: string | undefined;
  ownershipRefs: readonly string[];
}) {
  const { value, onChange, onBlur, problem, ownershipRefs } = props;
  return (
    <RadioField
      label="Owner"
      value={value.kind}
      options={KINDS}
      onChange={kind => onChange({ ...value, kind })}
    >
      {value.kind === 'app' ? (
        <AppField
          value={value.ref}
          onChange={ref => onChange({ ...value, ref })}
          onBlur={onBlur}
          problem={problem}
          ownershipRefs={ownershipRefs}
        />
      ) : (
        <InlineProblem>{problem}</InlineProblem>
      )}
    </RadioField>
  );
}
