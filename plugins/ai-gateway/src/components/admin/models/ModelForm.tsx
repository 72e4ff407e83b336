import {
  capabilitySchema,
  createModelSchema,
  endpoints,
  lifecycleSchema,
  type Me,
  modalitySchema,
  type Model,
} from '@ai-gateway/backstage-plugin-ai-gateway-common';
import { useApi } from '@backstage/core-plugin-api';
import Checkbox from '@material-ui/core/Checkbox';
import FormControl from '@material-ui/core/FormControl';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import FormGroup from '@material-ui/core/FormGroup';
import FormLabel from '@material-ui/core/FormLabel';
import MenuItem from '@material-ui/core/MenuItem';
import { useState } from 'react';
import { aiGatewayApiRef } from '../../../api';
import { useZodForm } from '../../../hooks';
import {
  CAPABILITY_LABELS,
  LIFECYCLE_LABELS,
  MODALITY_LABELS,
} from '../../models/labels';
import { FormField } from '../../shared';
import { DrawerForm, SaveError } from '../shared';
import {
  draftOfModel,
  draftToModel,
  modelChange,
  newModelDraft,
} from './modelDraft';
import { OwnerField } from './OwnerField';

/** Adds a model, or changes one. */
export function ModelForm(props: {
  /** The one to be changed; a new one when `undefined`. */
  model: Model | undefined;
  me: Me;
  onSaved: (model: Model) => void;
  onCancel: () => void;
  /** Loads the model anew after somebody else changed it. */
  onReload: () => void;
}) {
  const { me, onSaved, onCancel, onReload } = props;
  // The page behind may be refreshed; what is changed is the version that the fields were filled with.
  const [model] = useState(props.model);
  const api = useApi(aiGatewayApiRef);
  const form = useZodForm({
    schema: createModelSchema,
    initial: model ? draftOfModel(model) : newModelDraft(me.ownershipRefs),
    toInput: draftToModel,
    submit: async body => {
      onSaved(
        model
          ? await api.call(endpoints.updateModel, {
              params: { modelId: model.id },
              body: modelChange(body, model.version),
            })
          : await api.call(endpoints.createModel, { body }),
      );
    },
  });
  const { values, set, touch, field } = form;

  return (
    <DrawerForm
      formRef={form.ref}
      onSubmit={form.onSubmit}
      submitting={form.submitting}
      submitLabel={model ? 'Save model' : 'Add model'}
      onCancel={onCancel}
    >
      <SaveError
        error={form.error}
        title={model ? 'The model was not saved' : 'The model was not added'}
        {...(model && { onReload })}
      />
      <FormField
        {...field('id')}
        required
        label="Model id"
        disabled={model !== undefined}
        hint={
          model
            ? 'An id stays as it is: applications name it in their requests'
            : 'What applications name in a request, such as gpt-4o; it stays'
        }
      />
      <FormField
        {...field('title')}
        required
        label="Title"
        hint="What people see, such as GPT-4o"
      />
      <FormField
        {...field('description')}
        multiline
        minRows={2}
        maxRows={8}
        label="Description"
        hint="What it is good at, and what not"
      />
      <FormField {...field('modality')} select required label="Modality">
        {modalitySchema.options.map(modality => (
          <MenuItem key={modality} value={modality}>
            {MODALITY_LABELS[modality]}
          </MenuItem>
        ))}
      </FormField>
      <FormControl component="fieldset">
        <FormLabel component="legend">Capabilities</FormLabel>
        <FormGroup row>
          {capabilitySchema.options.map(capability => (
            <FormControlLabel
              key={capability}
              label={CAPABILITY_LABELS[capability]}
              control={
                <Checkbox
                  size="small"
                  color="primary"
                  checked={values.capabilities.includes(capability)}
                  onChange={(_event, checked) =>
                    set({
                      capabilities: capabilitySchema.options.filter(each =>
                        each === capability
                          ? checked
                          : values.capabilities.includes(each),
                      ),
                    })
                  }
                />
              }
            />
          ))}
        </FormGroup>
      </FormControl>
      <FormField
        {...field('contextWindow')}
        label="Context window"
        hint="Tokens, such as 128,000; leave empty if unknown"
        inputProps={{ inputMode: 'numeric' }}
      />
      <FormField
        {...field('maxOutputTokens')}
        label="Longest answer"
        hint="Tokens, such as 16,384; leave empty if unknown"
        inputProps={{ inputMode: 'numeric' }}
      />
      <OwnerField
        {...field('ownerRef')}
        onChange={ownerRef => set({ ownerRef })}
        onBlur={() => touch('ownerRef')}
      />
      <FormField
        {...field('lifecycle')}
        select
        required
        label="Lifecycle"
        hint="A deprecated model can still be called, and says that it is deprecated"
      >
        {lifecycleSchema.options.map(lifecycle => (
          <MenuItem key={lifecycle} value={lifecycle}>
            {LIFECYCLE_LABELS[lifecycle]}
          </MenuItem>
        ))}
      </FormField>
    </DrawerForm>
  );
}
