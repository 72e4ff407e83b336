import DeviceHubIcon from '@material-ui/icons/DeviceHub';

/** The plugin's icon: one entrance, many models. */
export const AiGatewayIcon = DeviceHubIcon;
