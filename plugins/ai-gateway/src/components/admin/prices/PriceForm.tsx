import {
  createPriceSchema,
  type Deployment,
  endpoints,
  type PriceAmounts,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import InputAdornment from '@material-ui/core/InputAdornment';
import { makeStyles } from '@material-ui/core/styles';
import { type FormEvent, useState } from 'react';
import { aiGatewayApiRef } from '../../../api';
import { useZodForm } from '../../../hooks';
import { FormField, InlineProblem, RadioField } from '../../shared';
import { DrawerForm, SaveError } from '../shared';
import {
  AMOUNT_FIELDS,
  draftOfPrice,
  draftToPrice,
  type PriceDraft,
} from './priceDraft';
import { TypicalCostNote } from './TypicalCostNote';

type AmountName = keyof PriceAmounts;

const useStyles = makeStyles(theme => ({
  amounts: {
    display: 'grid',
    gridTemplateColumns: '1fr 1fr',
    gap: theme.spacing(2.5, 2),
    [theme.breakpoints.down('xs')]: { gridTemplateColumns: '1fr' },
  },
  more: { alignSelf: 'flex-start' },
}));

/** Adds a price to a deployment; it begins with the amounts in force. */
export function PriceForm(props: {
  deployment: Deployment;
  onSaved: () => void;
  onCancel: () => void;
}) {
  const { deployment, onSaved, onCancel } = props;
  const classes = useStyles();
  const api = useApi(aiGatewayApiRef);
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [current] = useState(deployment.currentPrice?.amounts ?? null);
  const [initial] = useState(() => draftOfPrice(current));
  const [left, setLeft] = useState<ReadonlySet<AmountName>>(new Set());
  const [showsAll, setShowsAll] = useState(
    AMOUNT_FIELDS.some(
      ({ name, otherwise }) => otherwise && initial.amounts[name],
    ),
  );
  const form = useZodForm({
    schema: createPriceSchema,
    initial,
    toInput: (draft: PriceDraft) => draftToPrice(draft, zone),
    submit: async body => {
      await api.call(endpoints.createPrice, {
        params: { deploymentId: deployment.id },
        body,
      });
      onSaved();
    },
  });
  const { values, set, touch } = form;
  const leave = (name: AmountName) => {
    touch('amounts');
    setLeft(was => new Set([...was, name]));
  };
  const submit = (event: FormEvent) => {
    setLeft(new Set(AMOUNT_FIELDS.map(({ name }) => name)));
    return form.onSubmit(event);
  };
  const fieldOf = ({
    name,
    label,
    otherwise,
  }: (typeof AMOUNT_FIELDS)[number]) => (
    <FormField
      key={name}
      label={label}
      required={otherwise === undefined}
      value={values.amounts[name]}
      onChange={({ target }) => {
        set({ amounts: { ...values.amounts, [name]: target.value } });
        // What is wrong shows while it is typed: text that appears when a field is left would move the button that is being pressed.
        touch('amounts');
      }}
      onBlur={() => leave(name)}
      problem={
        left.has(name) || isFinished(values.amounts[name])
          ? form.problem(`amounts.${name}`)
          : undefined
      }
      hint={hintOf(name, otherwise)}
      inputProps={{ inputMode: 'decimal', autoComplete: 'off' }}
      InputProps={{
        startAdornment: <InputAdornment position="start">$</InputAdornment>,
      }}
    />
  );

  return (
    <DrawerForm
      formRef={form.ref}
      onSubmit={submit}
      submitting={form.submitting}
      submitLabel="Add price"
      onCancel={onCancel}
    >
      <SaveError error={form.error} title="The price was not added" />
      <div className={classes.amounts}>
        {AMOUNT_FIELDS.filter(
          ({ otherwise }) => otherwise === undefined || showsAll,
        ).map(fieldOf)}
      </div>
      {!showsAll && (
        <Button
          size="small"
          className={classes.more}
          onClick={() => setShowsAll(true)}
        >
          Set other prices
        </Button>
      )}
      <TypicalCostNote amounts={values.amounts} before={current} />
      <RadioField
        label="In force from"
        value={values.start}
        options={[
          { id: 'now', label: 'Now' },
          { id: 'later', label: 'Later' },
        ]}
        onChange={start => set({ start })}
      >
        {values.start === 'now' && (
          <InlineProblem>{form.problem('effectiveFrom')}</InlineProblem>
        )}
        {values.start === 'later' && (
          <FormField
            {...form.field('effectiveFrom')}
            type="datetime-local"
            required
            label="Date and time"
            hint={`In your time zone, ${zone}`}
            InputLabelProps={{ shrink: true }}
          />
        )}
      </RadioField>
      <FormField
        {...form.field('note')}
        label="Note"
        hint="Why, for those who look at the history later"
        multiline
      />
    </DrawerForm>
  );
}

/** Whether a text is more than the beginning of an amount. */
function isFinished(text: string): boolean {
  return text !== '' && !/^\d+\.$/.test(text);
}

function hintOf(
  name: AmountName,
  otherwise: (typeof AMOUNT_FIELDS)[number]['otherwise'],
): string {
  if (name === 'perRequest') return 'Dollars; nothing when empty';
  return otherwise
    ? `Dollars per million tokens; costs what ${otherwise} costs when empty`
    : 'Dollars per million tokens';
}
