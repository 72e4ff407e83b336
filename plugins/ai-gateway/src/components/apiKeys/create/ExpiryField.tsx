import Grid from '@material-ui/core/Grid';
import MenuItem from '@material-ui/core/MenuItem';
import { FormField } from '../../shared';
import type { ApiKeyDraft } from './apiKeyDraft';
import { EXPIRY_CHOICES, EXPIRY_LABELS, localDate } from './expiry';

type Expiry = ApiKeyDraft['expiresAt'];

/** Until when the key works. */
export function ExpiryField(props: {
  value: Expiry;
  onChange: (value: Expiry) => void;
  onBlur: () => void;
  problem: string | undefined;
}) {
  const { value, onChange, onBlur, problem } = props;
  const onDate = value.choice === 'date';
  return (
    <Grid container spacing={2}>
      <Grid item xs={12} sm={onDate ? 6 : 12}>
        <FormField
          select
          label="Expires"
          value={value.choice}
          onChange={({ target }) => {
            const choice = EXPIRY_CHOICES.find(id => id === target.value);
            if (choice) onChange({ ...value, choice });
          }}
          problem={onDate ? undefined : problem}
        >
          {EXPIRY_CHOICES.map(id => (
            <MenuItem key={id} value={id}>
              {EXPIRY_LABELS[id]}
            </MenuItem>
          ))}
        </FormField>
      </Grid>
      {onDate && (
        <Grid item xs={12} sm={6}>
          <FormField
            type="date"
            label="Last day"
            value={value.date}
            onChange={({ target }) =>
              onChange({ ...value, date: target.value })
            }
            onBlur={onBlur}
            InputLabelProps={{ shrink: true }}
            inputProps={{ min: localDate(Date.now()) }}
            hint="It works until the end of this day, your time"
            problem={problem && !value.date ? 'Choose a date' : problem}
          />
        </Grid>
      )}
    </Grid>
  );
}
