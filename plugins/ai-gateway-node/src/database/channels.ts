/**
 * The channel on which the control plane tells that the configuration changed; the payload is the new revision.
 *
 * A hint only: whoever listens must also poll `config_revision`, since a notification can be missed.
 *
 * @public
 */
export const CONFIG_CHANNEL = 'ai_gateway_config';
