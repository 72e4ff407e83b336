import { urlFlag, urlOptional, urlPage, urlText } from '../../hooks';

/** Keys on one page of the list. */
export const API_KEYS_PER_PAGE = 25;

/** What the reader wants to see of the keys; by name in the URL. */
export const API_KEY_FILTER_PARAMS = {
  search: urlText(),
  state: urlOptional(['active', 'expired', 'revoked']),
  page: urlPage(),
};

/** {@inheritDoc API_KEY_FILTER_PARAMS} */
export type ApiKeyFilters = {
  [K in keyof typeof API_KEY_FILTER_PARAMS]: ReturnType<
    (typeof API_KEY_FILTER_PARAMS)[K]['parse']
  >;
};

/** Whether a key is being created, and for which model; by name in the URL. Nothing of the key itself is ever there. */
export const CREATE_API_KEY_PARAMS = { create: urlFlag(), model: urlText() };
