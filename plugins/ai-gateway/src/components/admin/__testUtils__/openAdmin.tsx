import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  ControlPlaneDouble,
  type EndpointHandlers,
} from '../../../__testUtils__/ControlPlaneDouble';
import { renderPortal } from '../../../__testUtils__/renderPortal';
import {
  adminPortalHandlers,
  type AdminPortalState,
  emptyAdminPortal,
} from './adminPortal';

/**
 * Opens Admin over a control plane in memory.
 *
 * @param path - below Admin, with its query
 * @param handlers - answer some endpoints otherwise
 */
export async function openAdmin(
  path: string,
  some: Partial<AdminPortalState> = {},
  handlers: EndpointHandlers = {},
) {
  const state = emptyAdminPortal(some);
  const controlPlane = new ControlPlaneDouble({
    ...adminPortalHandlers(state),
    ...handlers,
  });
  await renderPortal(`/ai-gateway/admin${path}`, { controlPlane });
  return { state, controlPlane };
}

/** The drawer or the dialog of a title. */
export function panel(name: string | RegExp): Promise<HTMLElement> {
  return screen.findByRole('dialog', { name });
}

/** Puts a text into a field of a panel, over what is there. */
export async function fill(
  within_: HTMLElement,
  label: string,
  text: string,
): Promise<void> {
  const field = within(within_).getByRole('textbox', {
    name: new RegExp(`^${label}`),
  });
  await userEvent.clear(field);
  if (text) await userEvent.paste(text);
}

/** Presses a button of a panel, or of the page. */
export async function press(
  name: string | RegExp,
  inside: HTMLElement = document.body,
): Promise<void> {
  await userEvent.click(await within(inside).findByRole('button', { name }));
}
