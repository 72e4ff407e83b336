/** A token of an identity, or why there is none. */
export type TokenResult =
  | { readonly ok: true; readonly token: string }
  /** For the log. */
  | { readonly ok: false; readonly reason: string };

/** Whose token, and for what. */
export interface TokenRequest {
  /** Of the identity, where the machine has several. */
  readonly clientId: string | undefined;
  /** What the token is good for: `https://cognitiveservices.azure.com/.default`. */
  readonly scope: string;
}

/** Where tokens of the machine's own identity come from. */
export interface TokenSource {
  /** A token that is good for some minutes at least. */
  token(request: TokenRequest): Promise<TokenResult>;
}
