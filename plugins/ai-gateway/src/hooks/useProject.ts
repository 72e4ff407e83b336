import { useCallback } from 'react';
import { urlText, useUrlState } from './useUrlState';

const PARAMS = { project: urlText() };

/**
 * The project that the pages are narrowed to, kept in the URL as `?project=`.
 *
 * @returns `projectId` is `undefined` for every project that the reader may see
 */
export function useProject(): {
  projectId: string | undefined;
  setProjectId: (projectId: string | undefined) => void;
} {
  const [{ project }, setValues] = useUrlState(PARAMS);
  const setProjectId = useCallback(
    (projectId: string | undefined) =>
      setValues({ project: projectId ?? '' }, { push: true }),
    [setValues],
  );
  return { projectId: project || undefined, setProjectId };
}
