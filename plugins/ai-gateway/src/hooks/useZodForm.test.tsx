import { ControlPlaneError } from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { z } from 'zod';
import { FormField, InlineError } from '../components/shared';
import { useZodForm } from './useZodForm';

const schema = z.object({
  label: z.string().trim().min(1, 'Enter a label'),
  amounts: z.object({ input: z.string().min(1, 'Enter an amount') }),
});

type Body = z.output<typeof schema>;

function Form(props: { submit: (body: Body) => Promise<void> }) {
  const form = useZodForm({
    schema,
    initial: { label: '', amounts: { input: '' } },
    submit: props.submit,
  });
  return (
    <form noValidate ref={form.ref} onSubmit={form.onSubmit}>
      <InlineError error={form.error} title="Not saved" />
      <FormField {...form.field('label')} label="Label" hint="Some name" />
      <FormField
        label="Input"
        value={form.values.amounts.input}
        onChange={({ target }) =>
          form.set({ amounts: { input: target.value } })
        }
        onBlur={() => form.touch('amounts')}
        problem={form.problem('amounts.input')}
      />
      <button type="submit">Save</button>
    </form>
  );
}

function refusal(fields: { path: string; message: string }[]) {
  return new ControlPlaneError({
    name: 'InputError',
    message: 'The request is not valid',
    status: 400,
    fields,
  });
}

async function fillIn() {
  await userEvent.type(screen.getByLabelText('Label'), ' prod ');
  await userEvent.type(screen.getByLabelText('Input'), '0.15');
}

const save = () =>
  userEvent.click(screen.getByRole('button', { name: 'Save' }));

describe('useZodForm', () => {
  it('says nothing of fields that were only passed by', async () => {
    render(<Form submit={async () => {}} />);
    await userEvent.click(screen.getByLabelText('Label'));
    await userEvent.tab();
    expect(screen.getByLabelText('Label')).toBeValid();
    expect(screen.getByText('Some name')).toBeInTheDocument();
  });

  it('shows what is wrong beside each field at a submit, focuses the first and sends nothing', async () => {
    const submit = jest.fn(async () => {});
    render(<Form submit={submit} />);
    await save();
    expect(screen.getByLabelText('Label')).toHaveAccessibleDescription(
      'Enter a label',
    );
    expect(screen.getByLabelText('Input')).toHaveAccessibleDescription(
      'Enter an amount',
    );
    expect(screen.getByLabelText('Label')).toHaveFocus();
    expect(submit).not.toHaveBeenCalled();
  });

  it('sends what the schema makes of the values', async () => {
    const submit = jest.fn(async () => {});
    render(<Form submit={submit} />);
    await fillIn();
    await save();
    expect(submit).toHaveBeenCalledWith({
      label: 'prod',
      amounts: { input: '0.15' },
    });
  });

  it('shows what the API says of a field beside it, until the field changes', async () => {
    render(
      <Form
        submit={async () => {
          throw refusal([{ path: 'amounts.input', message: 'Too precise' }]);
        }}
      />,
    );
    await fillIn();
    await save();
    expect(screen.getByLabelText('Input')).toHaveAccessibleDescription(
      'Too precise',
    );
    expect(screen.getByLabelText('Input')).toHaveFocus();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();

    await userEvent.type(screen.getByLabelText('Input'), '1');
    expect(screen.getByLabelText('Input')).toBeValid();
  });

  it('explains above the form what no field can', async () => {
    render(
      <Form
        submit={async () => {
          throw refusal([{ path: 'secretRef', message: 'Not known' }]);
        }}
      />,
    );
    await fillIn();
    await save();
    expect(screen.getByRole('alert')).toHaveTextContent(
      'Not saved. The request is not valid',
    );
  });

  it('submits once, however often it is asked to while it runs', async () => {
    let done = () => {};
    const submit = jest.fn(
      () =>
        new Promise<void>(resolve => {
          done = resolve;
        }),
    );
    render(<Form submit={submit} />);
    await fillIn();
    await userEvent.dblClick(screen.getByRole('button', { name: 'Save' }));
    expect(submit).toHaveBeenCalledTimes(1);
    done();
    await waitFor(() => expect(submit).toHaveBeenCalledTimes(1));
  });
});
