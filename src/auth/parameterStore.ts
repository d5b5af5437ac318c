/** The part of `@aws-sdk/client-ssm` that is used. */
interface SsmPackage {
  SSMClient: new (configuration: object) => {
    send(command: object): Promise<{ Parameter?: { Value?: string } }>;
  };
  GetParameterCommand: new (input: { Name: string; WithDecryption: boolean }) => object;
}

// Not a dependency: only environments such as AWS Batch keep a token in the parameter store. They install the package.
const awsPackage = '@aws-sdk/client-ssm';

/**
 * The token in the parameter of the AWS parameter store that `SYNAPSE_TOKEN_AWS_SSM_PARAMETER_NAME` names.
 * A store that cannot be reached is treated as empty.
 */
export async function parameterStoreToken(
  name: string | undefined,
  log: (message: string) => void,
): Promise<string | undefined> {
  if (!name) return undefined;
  try {
    const { SSMClient, GetParameterCommand } = (await import(awsPackage)) as SsmPackage;
    const command = new GetParameterCommand({ Name: name, WithDecryption: true });
    return (await new SSMClient({}).send(command)).Parameter?.Value;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    log(`No token from the AWS parameter ${name}: ${reason}`);
    return undefined;
  }
}
