import { ControlPlaneError } from '@ai-gateway/backstage-plugin-ai-gateway-common';

/** A failure in words for whoever reads the page. */
export interface ErrorExplanation {
  what: string;
  advice: string;
  /** What to quote to whoever runs the portal. */
  requestId: string | undefined;
}

/** What happened and what to do about it. */
export function explainError(error: Error): ErrorExplanation {
  if (!(error instanceof ControlPlaneError)) {
    if (error.name === 'TimeoutError') {
      return {
        what: "The portal's backend took too long to answer.",
        advice: 'Try again. If it goes on, tell whoever runs the portal.',
        requestId: undefined,
      };
    }
    return {
      what: `The portal's backend could not be reached (${error.message}).`,
      advice: 'Check your connection, then try again.',
      requestId: undefined,
    };
  }
  const { message, requestId } = error;
  return { what: message, advice: adviceFor(error.status), requestId };
}

function adviceFor(status: number): string {
  if (status === 401) return 'Sign in again, then reload this page.';
  if (status === 403) return 'Ask a platform admin to grant it to you.';
  if (status === 404) return 'It may have been removed. Go back to the list.';
  if (status === 409) return 'Reload to see how it stands now.';
  if (status === 429) return 'Wait a moment, then try again.';
  if (status >= 500) {
    return 'Try again. If it goes on, tell whoever runs the portal.';
  }
  return 'Change what was entered, then try again.';
}
