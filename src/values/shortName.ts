/** The last part of a `concreteType` of the API: `TableEntity` of `org.sagebionetworks.repo.model.table.TableEntity`. */
export function shortName(concreteType: string): string {
  return concreteType.slice(concreteType.lastIndexOf('.') + 1);
}
